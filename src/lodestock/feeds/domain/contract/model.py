"""The contract as frozen values. Meaning of every field: ``docs/howto/feeds.md``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

TYPES = (
    "text",
    "code",
    "integer",
    "decimal",
    "money",
    "quantity",
    "date",
    "datetime",
    "bool",
    "enum",
)
NUMERIC_TYPES = frozenset({"integer", "decimal", "money", "quantity"})
DATE_TYPES = frozenset({"date", "datetime"})


@dataclass(frozen=True, slots=True)
class FormatRule:
    """Outer forms this feed may come in. An empty tuple means: whatever the history says.

    ``sheet`` and ``header_row`` say where a table stands in its file; "" and 0: wherever it is
    found.
    """

    kind: str = "delimited"
    separators: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ()
    line_ends: tuple[str, ...] = ()
    sheet: str = ""
    header_row: int = 0


@dataclass(frozen=True, slots=True)
class Repair:
    """A known misreading by somebody's tool, undone: cells that look like ``looks_like`` were
    written as ``written`` and wrongly read as ``misread_as``."""

    name: str
    looks_like: str
    written: str
    misread_as: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """A cell that stands for the same column of another row.

    ``pattern`` holds ``{field}`` placeholders; ``key`` is the field that finds the row, the
    others must agree with it. ``unresolved`` is "quarantine" or "keep".
    """

    pattern: str
    key: str
    unresolved: str = "quarantine"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is found in the header and what its cells mean."""

    name: str
    header: str
    type: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    optional: bool = False
    patterns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    true: tuple[str, ...] = ("yes", "true", "y", "1")
    false: tuple[str, ...] = ("no", "false", "n", "0")
    sentinels: Mapping[str, str] = field(default_factory=dict)
    pointer: Pointer | None = None
    repairs: tuple[Repair, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimal: str = "."
    thousands: str = ""
    scale: Decimal = Decimal(1)
    case: str = "keep"

    @property
    def is_numeric(self) -> bool:
        return self.type in NUMERIC_TYPES

    @property
    def is_date(self) -> bool:
        return self.type in DATE_TYPES

    def known_as(self) -> tuple[str, ...]:
        """Every name under which the header may show this column."""
        return (self.header, *self.aliases)


@dataclass(frozen=True, slots=True)
class Identity:
    """How a row is known again.

    ``key``: the fields that name it. ``document``: the field that groups rows. ``date``: the
    field that dates the whole document. ``repeats``: "keep" when equal rows are separate facts,
    "refuse" when a second equal row is a mistake.
    """

    key: tuple[str, ...]
    document: str = ""
    date: str = ""
    repeats: str = "keep"


@dataclass(frozen=True, slots=True)
class Form:
    """One of several declared outer forms of a feed, chosen by its headers.

    ``headers`` names for some fields the header this form uses; ``patterns`` replaces the date
    patterns of some fields.
    """

    name: str
    headers: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on one column: ``op`` is is, in, starts_with, matches, empty, below or above."""

    column: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class RowClass:
    """Rows for which all conditions hold. The first class that fits is the row's class."""

    name: str
    when: tuple[Condition, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule inside one row: ``earlier`` may not be after ``later`` (dates).

    ``otherwise`` is "quarantine" (the row is held) or "learn" (the share is watched).
    """

    name: str
    earlier: str
    later: str
    otherwise: str = "quarantine"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left`` times ``right`` is usually ``product``; how often it is not, is learned."""

    name: str
    left: str
    right: str
    product: str
    tolerance: Decimal = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Contract:
    """A whole contract. ``mapping`` is read by ``domain.mapping``."""

    name: str
    version: str
    title: str
    format: FormatRule
    columns: tuple[Column, ...]
    identity: Identity
    classes: tuple[RowClass, ...]
    forms: tuple[Form, ...] = ()
    flags: tuple[RowClass, ...] = ()
    checks: tuple[Check, ...] = ()
    arithmetic: tuple[Arithmetic, ...] = ()
    timezone: str = "UTC"
    century_pivot: int = 69
    retention_days: int | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """The column of that name. Raises ``KeyError``; loading has checked all references."""
        return next(column for column in self.columns if column.name == name)

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)
