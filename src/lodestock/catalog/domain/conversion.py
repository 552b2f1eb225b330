"""Units of one variant, converted exactly or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from lodestock.catalog.errors import InexactConversion, NoConversion, UnknownUnit
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.numbers import parse_quantity

#: Wide enough for every quantity times every factor that fits the columns.
_EXACT = Context(prec=80)
MAX_FACTOR = 10**15


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure. ``factor``: base units of its dimension in one; ``None`` for packs."""

    code: str
    dimension: str
    factor: Fraction | None
    decimal_places: int = 6


@dataclass(frozen=True, slots=True)
class UnitTable:
    """The units of one variant: its base unit and how many base units each own unit holds."""

    sku: str
    base: Unit
    own: Mapping[str, Fraction]
    units: Mapping[str, Unit] = field(repr=False)

    def to_base(self, quantity: Any, uom: str) -> Decimal:
        """``quantity`` of ``uom`` in base units, exactly.

        Raises :class:`UnknownUnit`, :class:`NoConversion` when no factor leads from ``uom`` to the
        base unit, :class:`InexactConversion` when the result has more decimals than the base
        unit, and ``InvalidInput`` for what is no quantity.
        """
        return self.convert(quantity, uom, self.base.code)

    def from_base(self, quantity: Any, uom: str) -> Decimal:
        """``quantity`` of base units in ``uom``; raises as :meth:`to_base` does."""
        return self.convert(quantity, self.base.code, uom)

    def convert(self, quantity: Any, uom: str, to: str) -> Decimal:
        """``quantity`` of ``uom`` in the unit ``to``; raises as :meth:`to_base` does."""
        number = parse_quantity(quantity, positive=False)
        target = self._unit(to)
        result = Fraction(number) * self.factor(uom) / self.factor(to)
        exact = _as_decimal(result, target.decimal_places)
        if exact is None:
            raise self._uneven(number, uom, result, target)
        return parse_quantity(exact, positive=False)

    def factor(self, uom: str) -> Fraction:
        """Base units in one ``uom``. Raises :class:`UnknownUnit` and :class:`NoConversion`.

        The variant's own factor comes first; then the ratio of two units of one dimension (g and
        kg); then the two together (g of a variant that knows its kg).
        """
        unit = self._unit(uom)
        if unit.code == self.base.code:
            return Fraction(1)
        if unit.code in self.own:
            return self.own[unit.code]
        ratio = _ratio(unit, self.base)
        if ratio is not None:
            return ratio
        for code, own_factor in self.own.items():
            ratio = _ratio(unit, self.units[code])
            if ratio is not None:
                return own_factor * ratio
        raise self._no_way(unit)

    def _unit(self, code: str) -> Unit:
        try:
            return self.units[code]
        except KeyError:
            raise UnknownUnit(
                f"There is no unit {code!r}; {self.sku} is counted in {self._known()}.",
                field="uom",
                known=sorted({self.base.code, *self.own}),
            ) from None

    def _known(self) -> str:
        return ", ".join([self.base.code, *sorted(self.own)])

    def _no_way(self, unit: Unit) -> NoConversion:
        return NoConversion(
            f"{self.sku} is counted in {self.base.code} and has no factor for {unit.code}: state"
            f" how many {self.base.code} one {unit.code} of it holds (known: {self._known()}).",
            field="uom",
            sku=self.sku,
            uom=unit.code,
            base_uom=self.base.code,
        )

    def _uneven(self, number: Decimal, uom: str, result: Fraction, to: Unit) -> InexactConversion:
        near = _EXACT.divide(Decimal(result.numerator), Decimal(result.denominator))
        shown = near.quantize(Decimal(1).scaleb(-8), context=_EXACT).normalize()
        return InexactConversion(
            f"{number.normalize():f} {uom} of {self.sku} are {shown:f}… {to.code}, which has"
            f" {to.decimal_places} decimals: state the quantity in {to.code}, or one that comes"
            " out even.",
            field="quantity",
            sku=self.sku,
            uom=to.code,
        )


def read_factor(value: Any, *, name: str = "factor") -> Fraction:
    """A factor as exact fraction, from a ``Fraction``, ``int``, ``Decimal``, ``12.5`` or ``10/3``.

    Raises :class:`InvalidInput` for floats, zero, negative numbers and what does not fit.
    """
    if isinstance(value, bool | float) or not isinstance(value, Fraction | int | Decimal | str):
        raise _bad_factor(value, name)
    try:
        factor = Fraction(value.strip() if isinstance(value, str) else value)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise _bad_factor(value, name) from None
    if factor <= 0 or max(factor.numerator, factor.denominator) > MAX_FACTOR:
        raise _bad_factor(value, name)
    return factor


def _bad_factor(value: Any, name: str) -> InvalidInput:
    return InvalidInput(
        f"{name}: {str(value)[:40]!r} is no factor; give a positive number or fraction as text,"
        ' such as "12", "0.25" or "10/3".',
        field=name,
    )


def _ratio(unit: Unit, other: Unit) -> Fraction | None:
    if unit.dimension != other.dimension or unit.factor is None or other.factor is None:
        return None
    return unit.factor / other.factor


def _as_decimal(number: Fraction, places: int) -> Decimal | None:
    """``number`` with ``places`` decimals, or ``None`` when it has more."""
    scaled = number * 10**places
    if scaled.denominator != 1:
        return None
    return Decimal(scaled.numerator).scaleb(-places, context=_EXACT)
