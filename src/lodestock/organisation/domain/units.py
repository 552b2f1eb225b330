"""Exact conversion between units of one dimension."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.numbers import QUANTITY_PLACES
from lodestock.organisation.errors import IncompatibleUnits


@dataclass(frozen=True, slots=True)
class Unit:
    """``factor`` base units of ``dimension`` make one; ``None`` for packs."""

    code: str
    dimension: str
    factor: Decimal | None


def ratio(source: Unit, target: Unit) -> Fraction:
    """How many ``target`` one ``source`` is, exactly. Raises :class:`IncompatibleUnits`."""
    if source.code == target.code:
        return Fraction(1)
    for unit in (source, target):
        if unit.factor is None:
            raise IncompatibleUnits(
                f"How much one {unit.code!r} holds is a fact of the variant: convert through it.",
                field="uom",
            )
    if source.dimension != target.dimension:
        raise IncompatibleUnits(
            f"{source.code!r} measures {source.dimension}, {target.code!r} {target.dimension}:"
            " give the variant a factor between them.",
            field="uom",
        )
    assert source.factor is not None
    assert target.factor is not None
    return Fraction(source.factor) / Fraction(target.factor)


def convert(quantity: Decimal, source: Unit, target: Unit) -> Decimal:
    """``quantity`` of ``source`` in ``target``.

    Raises :class:`IncompatibleUnits`, and ``InvalidInput`` when the result needs more than six
    decimals: nothing is rounded away unseen.
    """
    exact = Fraction(quantity) * ratio(source, target) * 10**QUANTITY_PLACES
    if exact.denominator != 1:
        raise InvalidInput(
            f"{quantity} {source.code} is no number of {target.code} with {QUANTITY_PLACES}"
            " decimals.",
            field="quantity",
        )
    return Decimal(exact.numerator).scaleb(-QUANTITY_PLACES)
