"""What a contract itself says may happen to a column: not news when a short history lacks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lodestock.feeds.domain.contract.model import Column, Condition, Contract
from lodestock.feeds.domain.profile.shapes import cased_shape


def shapes(contract: Contract, column: Column, usual: Iterable[str]) -> set[str]:
    """Shapes of the codes that classes and flags name: ``C`` before a usual number cancels it."""
    known = list(usual)
    found: set[str] = set()
    for condition in _conditions(contract, column):
        if condition.op == "starts_with":
            found |= {cased_shape(condition.value + shape) for shape in known}
        elif condition.op == "is":
            found.add(cased_shape(condition.value))
        elif condition.op == "in":
            found |= {cased_shape(text) for text in condition.value}
    return found


def may_be_empty(contract: Contract, column: Column) -> bool:
    """Whether the contract says what an empty cell means: a class, a flag or another value."""
    if any(one.op == "empty" and one.value for one in _conditions(contract, column)):
        return True
    return any(
        column.name in part.get("first_of", ())
        or ("otherwise" in part and part.get("column") == column.name)
        for part in _parts(contract.mapping)
    )


def _conditions(contract: Contract, column: Column) -> Iterator[Condition]:
    for rule in (*contract.classes, *contract.flags):
        yield from (one for one in rule.when if one.column == column.name)


def _parts(mapping: Any) -> Iterator[Mapping[str, Any]]:
    """Every table of a mapping, however deep."""
    if isinstance(mapping, Mapping):
        yield mapping
        mapping = list(mapping.values())
    if isinstance(mapping, list | tuple):
        for part in mapping:
            yield from _parts(part)
