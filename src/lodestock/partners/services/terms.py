"""Terms of payment."""

from __future__ import annotations

from typing import Any

from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput
from lodestock.kernel.numbers import parse_decimal
from lodestock.kernel.texts import choice, clean_code, clean_name
from lodestock.partners.errors import Duplicate, UnknownTerms
from lodestock.partners.models import PaymentTerms
from lodestock.partners.types import DueBasis

MAX_DAYS = 365


def create_terms(
    *,
    code: str,
    name: str,
    net_days: int,
    basis: str = DueBasis.INVOICE_DATE,
    discount_days: int | None = None,
    discount_percent: Any = None,
) -> PaymentTerms:
    """Create terms of payment. Raises :class:`Duplicate` and ``InvalidInput``."""
    terms = PaymentTerms(
        code=clean_code(code, field="code", longest=32),
        name=clean_name(name, longest=120),
        net_days=_days(net_days, "net_days"),
        basis=choice(basis, DueBasis, field="basis"),
    )
    _set_discount(terms, discount_days, discount_percent)
    taken = Duplicate(f"There already are terms with the code {terms.code!r}.", field="code")
    with transaction(), refusing({"partners_paymentterms_code_key": lambda: taken}):
        terms.save(force_insert=True)
    return terms


def change_terms(*, terms_id: int, **fields: Any) -> PaymentTerms:
    """Rename terms; what was agreed under a code never changes.

    Raises :class:`UnknownTerms`, ``Conflict`` for anything but the name.
    """
    with transaction():
        terms = _locked(terms_id)
        fixed = [name for name, value in fields.items() if value != getattr(terms, name)]
        if set(fixed) - {"name"}:
            raise Conflict(
                f"{terms.code} is agreed with partners as it is: create other terms and give them"
                " to the partners concerned.",
                field=sorted(set(fixed) - {"name"})[0],
            )
        if fixed:
            terms.name = clean_name(fields["name"], longest=120)
            terms.save(update_fields=["name", "updated_at"])
    return terms


def retire_terms(*, terms_id: int) -> PaymentTerms:
    """Take terms out of use; partners that have them keep them."""
    with transaction():
        terms = _locked(terms_id)
        terms.deactivate()
    return terms


def restore_terms(*, terms_id: int) -> PaymentTerms:
    """Undo :func:`retire_terms`."""
    with transaction():
        terms = _locked(terms_id)
        terms.restore()
    return terms


def _locked(terms_id: int) -> PaymentTerms:
    found = PaymentTerms.objects.select_for_update(no_key=True).filter(pk=terms_id).first()
    if found is None:
        raise UnknownTerms("There are no such terms of payment.")
    return found


def _set_discount(terms: PaymentTerms, days: int | None, percent: Any) -> None:
    if (days is None) != (percent is None):
        raise InvalidInput(
            "discount: state both the days and the per cent, or neither.", field="discount_percent"
        )
    if days is None:
        return
    terms.discount_days = _days(days, "discount_days", most=terms.net_days)
    terms.discount_percent = parse_decimal(percent, field="discount_percent", places=3, digits=6)
    if not 0 < terms.discount_percent < 100:
        raise InvalidInput("discount_percent: between 0 and 100.", field="discount_percent")


def _days(value: int, field: str, most: int = MAX_DAYS) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise InvalidInput(
            f"{field}: {str(value)[:20]!r} is not a whole number of days from 0 to {most}.",
            field=field,
        )
    return value
