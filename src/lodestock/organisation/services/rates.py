"""Exchange rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput
from lodestock.organisation import selectors
from lodestock.organisation.models import CurrencyRate


def set_rate(
    *, currency: str, quote_currency: str, on: date, rate: Decimal, source: str = ""
) -> CurrencyRate:
    """On that day one ``currency`` is worth ``rate`` ``quote_currency``; replaces an earlier one.

    Raises ``UnknownCurrency``, and ``InvalidInput`` for a rate of zero or less.
    """
    if rate <= 0:
        raise InvalidInput(f"rate: {rate} must be greater than zero.", field="rate")
    one, other = selectors.currency_by_code(currency), selectors.currency_by_code(quote_currency)
    with transaction():
        row, _ = CurrencyRate.objects.update_or_create(
            currency=one,
            quote_currency=other,
            date=on,
            defaults={"rate": rate, "source": source, "active": True},
        )
    return row
