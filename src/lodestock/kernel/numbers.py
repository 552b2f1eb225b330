"""Exact numbers at the border: text in, ``Decimal`` out, floats never.

A quantity has at most 14 digits before and 6 after the point (``numeric(20,6)``), an
amount 16 and 4 (``numeric(20,4)``).
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from .errors import InvalidInput

QUANTITY_DIGITS = 20
QUANTITY_PLACES = 6
AMOUNT_PLACES = 4

Numeric = Decimal | int | str


def parse_decimal(
    value: object, *, field: str, places: int, digits: int = QUANTITY_DIGITS
) -> Decimal:
    """Read an exact decimal number.

    Accepts ``Decimal``, ``int`` and plain decimal text. Raises :class:`InvalidInput` for
    floats and booleans (they are not exact, or not numbers), NaN, infinities, text that is
    no number, more than ``places`` decimals and more digits than the column holds.
    """
    number = _to_decimal(value, field)
    if not number.is_finite():
        raise _invalid(field, value, "must be a finite number")
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if -exponent > places and number != round(number, places):
        raise _invalid(field, value, f"has more than {places} decimal places")
    if number.adjusted() >= digits - places and number != 0:
        raise _invalid(field, value, f"has more than {digits - places} digits before the point")
    return number.quantize(Decimal(1).scaleb(-places))


def parse_quantity(value: object, *, field: str = "quantity", positive: bool = True) -> Decimal:
    """Read a quantity, in units of six decimals; ``positive`` refuses zero and below."""
    number = parse_decimal(value, field=field, places=QUANTITY_PLACES)
    if positive and number <= 0:
        raise _invalid(field, value, "must be greater than zero")
    return number


def parse_price(value: object, *, field: str = "unit_price") -> Decimal:
    """Read a price per unit (six decimals); negative prices are refused."""
    number = parse_decimal(value, field=field, places=QUANTITY_PLACES)
    if number < 0:
        raise _invalid(field, value, "must not be negative")
    return number


def _to_decimal(value: object, field: str) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool | float) or not isinstance(value, int | str):
        kind = type(value).__name__
        raise _invalid(field, value, f'must be sent as text such as "12.5", not as {kind}')
    text = str(value).strip()
    if len(text) > 64 or "_" in text:
        raise _invalid(field, text[:64], "is not a number")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _invalid(field, value, "is not a number") from None


def _invalid(field: str, value: object, problem: str) -> InvalidInput:
    return InvalidInput(f"{field}: {str(value)[:64]!r} {problem}.", field=field)
