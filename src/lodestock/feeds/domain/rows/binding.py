"""Finds each column of the contract in the header of a file, and says what did not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lodestock.feeds.domain.contract.model import Column, Contract, Form


@dataclass(frozen=True, slots=True)
class Binding:
    """``positions`` of the columns found; ``missing`` were not; ``unknown`` headers are extra.

    ``doubled`` headers stand more than once for one column, so none of them can be trusted.
    ``columns`` are the contract's columns as the chosen form reads them.
    """

    form: str
    columns: tuple[Column, ...]
    positions: dict[str, int]
    missing: tuple[Column, ...]
    unknown: tuple[tuple[int, str], ...]
    doubled: tuple[str, ...]
    header: tuple[str, ...]

    @property
    def share_found(self) -> float:
        return len(self.positions) / max(len(self.columns), 1)

    def header_of(self, column: str) -> str:
        position = self.positions.get(column)
        return "" if position is None else self.header[position]


def bind(contract: Contract, header: Sequence[str]) -> Binding:
    """Binds by exact name or alias; a name that merely resembles is left to drift detection."""
    positions: dict[str, int] = {}
    doubled: list[str] = []
    owner = {name: column.name for column in contract.columns for name in column.known_as()}
    unknown: list[tuple[int, str]] = []
    for index, name in enumerate(header):
        column = owner.get(name)
        if column is None:
            unknown.append((index, name))
        elif column in positions:
            doubled.append(name)
        else:
            positions[column] = index
    form = _form(contract, positions, header)
    columns = tuple(_as_read(column, form) for column in contract.columns)
    missing = tuple(column for column in columns if column.name not in positions)
    return Binding(
        form.name if form else "",
        columns,
        positions,
        missing,
        tuple(unknown),
        tuple(doubled),
        tuple(header),
    )


def _form(contract: Contract, positions: dict[str, int], header: Sequence[str]) -> Form | None:
    """The form whose headers fit best; the first declared one where several fit equally."""

    def fit(form: Form) -> int:
        found = {column: header[position] for column, position in positions.items()}
        return sum(found.get(column) == name for column, name in form.headers.items())

    return max(contract.forms, key=fit, default=None)


def _as_read(column: Column, form: Form | None) -> Column:
    if form is None or column.name not in form.patterns:
        return column
    return replace(column, patterns=form.patterns[column.name])
