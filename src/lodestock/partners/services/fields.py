"""Columns of a partner as people and files state them, checked before they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.gs1 import parse_gln
from lodestock.kernel.numbers import parse_decimal
from lodestock.kernel.texts import choice, clean_code, clean_name
from lodestock.partners import lookups
from lodestock.partners.types import INCOTERMS, PartnerRole

MAX_LEAD_TIME_DAYS = 3_650


def clean_partner_fields(
    fields: Mapping[str, Any],
    *,
    currencies: dict[str, int] | None = None,
    terms: dict[str, int] | None = None,
) -> dict[str, Any]:
    """Values ready for the columns; ``currency`` and ``payment_terms`` are codes.

    Raises :class:`InvalidInput` naming the field, also for one that does not exist.
    """
    cleaned: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "currency":
            cleaned["currency_id"] = lookups.currency_id(value, currencies)
        elif name == "payment_terms":
            cleaned["payment_terms_id"] = lookups.terms_id(value, terms)
        elif name in _CLEANERS:
            cleaned[name] = _CLEANERS[name](value)
        else:
            raise InvalidInput(
                f"{name!r} is no field of a partner; known are {', '.join(sorted(_CLEANERS))}.",
                field=name,
            )
    return cleaned


def clean_roles(roles: Sequence[str]) -> list[str]:
    """Roles in the order of :class:`PartnerRole`, each once; at least one is needed."""
    if isinstance(roles, str):
        raise InvalidInput("roles: send a list of roles.", field="roles")
    wanted = {choice(role, PartnerRole, field="roles") for role in roles}
    if not wanted:
        known = ", ".join(PartnerRole)
        raise InvalidInput(f"roles: a partner has at least one of {known}.", field="roles")
    return [role.value for role in PartnerRole if role in wanted]


def clean_country(value: Any) -> str:
    """Two capital letters (ISO 3166-1), or nothing."""
    text = str(value or "").strip().upper()
    if text and not re.fullmatch(r"[A-Z]{2}", text):
        raise InvalidInput(
            f"country: {text[:20]!r} is no ISO 3166-1 code of two letters, such as DE.",
            field="country",
        )
    return text


def clean_text(field: str, longest: int) -> Callable[[Any], str]:
    """Optional text of at most ``longest`` characters."""

    def clean(value: Any) -> str:
        text = str(value or "").strip()
        return clean_name(text, field=field, longest=longest) if text else ""

    return clean


def clean_gln(value: Any) -> str | None:
    """A checked GLN, or none."""
    return parse_gln(value) if value else None


def _days(field: str) -> Callable[[Any], Decimal | None]:
    def clean(value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        days = parse_decimal(value, field=field, places=3, digits=9)
        if not 0 <= days <= MAX_LEAD_TIME_DAYS:
            raise InvalidInput(
                f"{field}: {days} is not between 0 and {MAX_LEAD_TIME_DAYS} days.", field=field
            )
        return days

    return clean


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "code": lambda value: clean_code(value, field="code"),
    "name": clean_name,
    "roles": clean_roles,
    "gln": clean_gln,
    "tax_number": clean_text("tax_number", 40),
    "country": clean_country,
    "incoterm": lambda value: choice(value, INCOTERMS, field="incoterm") if value else "",
    "lead_time_days_mean": _days("lead_time_days_mean"),
    "lead_time_days_sd": _days("lead_time_days_sd"),
}
