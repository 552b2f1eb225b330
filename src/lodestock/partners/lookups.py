"""Codes of other lists, resolved once per call."""

from __future__ import annotations

from django.apps import apps

from lodestock.kernel.errors import InvalidInput
from lodestock.partners.errors import UnknownTerms
from lodestock.partners.models import PaymentTerms


def currency_ids() -> dict[str, int]:
    """Keys of the active currencies by code."""
    rows = apps.get_model("organisation", "Currency").objects.active()
    return dict(rows.values_list("code", "id"))


def terms_ids() -> dict[str, int]:
    """Keys of the active terms of payment by code."""
    return dict(PaymentTerms.objects.active().values_list("code", "id"))


def currency_id(code: str | None, known: dict[str, int] | None = None) -> int | None:
    """The key of a currency, ``None`` for none. Raises :class:`InvalidInput`."""
    if not code:
        return None
    known = currency_ids() if known is None else known
    if code not in known:
        raise InvalidInput(
            f"There is no active currency {code!r}: use an ISO 4217 code, or add it first.",
            field="currency",
        )
    return known[code]


def terms_id(code: str | None, known: dict[str, int] | None = None) -> int | None:
    """The key of terms of payment, ``None`` for none. Raises :class:`UnknownTerms`."""
    if not code:
        return None
    known = terms_ids() if known is None else known
    if code not in known:
        raise UnknownTerms(
            f"There are no terms of payment {code!r}; known are {', '.join(sorted(known))}.",
            field="payment_terms",
        )
    return known[code]
