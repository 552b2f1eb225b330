"""Columns with a meaning: quantities, prices, amounts, closed lists of values."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from .numbers import AMOUNT_PLACES, QUANTITY_DIGITS, QUANTITY_PLACES
from .states import Machine


class QuantityField(models.DecimalField):
    """A quantity in the unit the row names: ``numeric(20,6)``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_digits": QUANTITY_DIGITS, "decimal_places": QUANTITY_PLACES}
        super().__init__(*args, **kwargs)


class UnitPriceField(QuantityField):
    """A price or cost per unit: ``numeric(20,6)``, in the currency the row names."""


class AmountField(models.DecimalField):
    """A sum of money: ``numeric(20,4)``, rounded once per document line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_digits": QUANTITY_DIGITS, "decimal_places": AMOUNT_PLACES}
        super().__init__(*args, **kwargs)


class ExactFactorField(models.DecimalField):
    """A ratio kept to fifteen decimals: units of measure, exchange rates."""

    #: Tells the architecture tests that this is neither a quantity nor an amount.
    exact_factor = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_digits": 30, "decimal_places": 15}
        super().__init__(*args, **kwargs)


class EnumField(models.CharField):
    """Text out of a closed list, which PostgreSQL checks too.

    ``values`` is an enum class or an iterable of strings.
    """

    def __init__(self, values: type[Enum] | Iterable[str] = (), **kwargs: Any) -> None:
        self.values = tuple(v.value if isinstance(v, Enum) else str(v) for v in values)
        kwargs.setdefault("max_length", max((len(v) for v in self.values), default=1))
        kwargs["choices"] = [(value, _label(value)) for value in self.values]
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        if isinstance(kwargs.get("default"), Enum):
            kwargs["default"] = kwargs["default"].value
        return name, "lodestock.kernel.fields.EnumField", args, kwargs | {"values": self.values}

    def db_check(self, connection: BaseDatabaseWrapper) -> str | None:
        listed = ", ".join("'" + value.replace("'", "''") + "'" for value in self.values)
        column = connection.ops.quote_name(str(self.column))
        return (
            f"{column} IN ({listed}) OR {column} = ''" if self.blank else f"{column} IN ({listed})"
        )


class StatusField(EnumField):
    """The status of a document: its values and first value come from a state machine."""

    def __init__(self, machine: Machine, **kwargs: Any) -> None:
        self.machine = machine
        kwargs.setdefault("default", machine.initial.value)
        kwargs.setdefault("max_length", 40)
        super().__init__(machine.values, **kwargs)

    def clone(self) -> Any:
        """For the state of migrations: the plain column; the machine is no part of it."""
        _name, _path, args, kwargs = self.deconstruct()
        return EnumField(*args, **kwargs)


def code_reference(to: str, column: str, **extra: Any) -> models.ForeignKey[Any, Any]:
    """A foreign key by ``code``, so that rows read ``EUR`` and ``case`` instead of numbers.

    For small, stable lists (currencies, units) whose codes are unique and never change.
    """
    return models.ForeignKey(
        to,
        to_field="code",
        db_column=column,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        **extra,
    )


def _label(value: str) -> str:
    return value.replace("_", " ").capitalize()
