"""Conditions of row classes, decided once per distinct text of a column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lodestock.feeds.domain.cells import Cell, ColumnReader, State
from lodestock.feeds.domain.cells.reading import REMEMBERED_MAX
from lodestock.feeds.domain.contract.model import Condition, RowClass

Test = Callable[[Cell], bool]


def compile_condition(condition: Condition) -> Test:
    """A test on a typed cell. Texts are compared in their canonical spelling."""
    return _TESTS[condition.op](condition.value)


def _is(value: str) -> Test:
    return lambda cell: cell.canonical == value


def _in(values: frozenset[str]) -> Test:
    return lambda cell: cell.canonical in values


def _starts_with(prefix: str) -> Test:
    return lambda cell: cell.canonical.startswith(prefix)


def _matches(pattern: str) -> Test:
    regex = re.compile(pattern)
    return lambda cell: regex.search(cell.canonical) is not None


def _empty(wanted: bool) -> Test:
    return lambda cell: (cell.state is State.EMPTY) == wanted


def _below(limit: Decimal) -> Test:
    return lambda cell: _number(cell) is not None and cell.value < limit  # type: ignore[operator]


def _above(limit: Decimal) -> Test:
    return lambda cell: _number(cell) is not None and cell.value > limit  # type: ignore[operator]


def _number(cell: Cell) -> Any:
    return cell.value if cell.state is State.VALUE else None


_TESTS: Mapping[str, Callable[[Any], Test]] = {
    "is": _is,
    "in": _in,
    "starts_with": _starts_with,
    "matches": _matches,
    "empty": _empty,
    "below": _below,
    "above": _above,
}


class _Remembered(dict[str, bool]):
    """Text → answer, asked of the cell once."""

    def __init__(self, test: Test, reader: Mapping[str, Cell]) -> None:
        super().__init__()
        self._test = test
        self._reader = reader

    def __missing__(self, text: str) -> bool:
        if len(self) >= REMEMBERED_MAX:
            self.clear()
        answer = self[text] = self._test(self._reader[text])
        return answer


class RowRule:
    """All conditions of one class or flag, asked of a stretch of rows at once."""

    def __init__(self, rule: RowClass, readers: Mapping[str, ColumnReader]) -> None:
        self.name = rule.name
        self._tests = [
            (condition.column, _Remembered(compile_condition(condition), readers[condition.column]))
            for condition in rule.when
        ]

    def answers(self, texts: Mapping[str, Sequence[str]], count: int) -> list[bool]:
        """For each row whether all conditions hold; always true without conditions."""
        if not self._tests:
            return [True] * count
        column, test = self._tests[0]
        held = [test[text] for text in texts[column]]
        for column, test in self._tests[1:]:
            held = [before and test[text] for before, text in zip(held, texts[column], strict=True)]
        return held
