"""Figures that may be given, pointed elsewhere, or deliberately absent."""

from __future__ import annotations

from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.numbers import parse_decimal
from lodestock.shipping.types import Meaning, Stated


def check_stated(stated: Stated, *, field: str, places: int) -> Stated:
    """``stated`` with its value to ``places`` decimals, if its parts fit together.

    Raises :class:`InvalidInput` for a value whose meaning says there is none (or the reverse),
    for a negative value, and for a pointer without a key.
    """
    if (stated.value is not None) != (stated.meaning is Meaning.STATED):
        raise InvalidInput(
            f"{field}: the value {stated.value} does not go with the meaning"
            f" {stated.meaning.value!r}; a value is given exactly when it is 'stated'.",
            field=field,
        )
    if bool(stated.see_key) != (stated.meaning is Meaning.SEE_OTHER_LINE):
        raise InvalidInput(
            f"{field}: another line ({stated.see_key!r}) is named exactly when the meaning is"
            f" 'see_other_line', not {stated.meaning.value!r}.",
            field=field,
        )
    if stated.value is None:
        return stated
    value = parse_decimal(stated.value, field=field, places=places)
    if value < 0:
        raise InvalidInput(f"{field}: {value} must not be negative.", field=field)
    return Stated(value, Meaning.STATED)
