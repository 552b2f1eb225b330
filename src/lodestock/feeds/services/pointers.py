"""Cells that stand for another row's value: is that row in the file, or known from before?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from lodestock.feeds.domain.cells.cell import POINTER_MARK
from lodestock.feeds.domain.contract import Column, Contract
from lodestock.feeds.domain.rows import key_hash, split_content
from lodestock.feeds.domain.rows.identity import JOINT
from lodestock.feeds.models import Import

from .knowledge import streaming

CHUNK = 5_000
_POINTING = """
SELECT row_number, content FROM feeds_stagedrow
WHERE batch_id = %(batch)s AND problem IS NULL AND position(%(mark)s IN content) > 0
"""
_TARGETS = """
SELECT key_hash, content FROM feeds_stagedrow
WHERE batch_id = %(batch)s AND problem IS NULL AND key_hash = ANY(%(keys)s)
UNION ALL
SELECT key_hash, content FROM feeds_feedrow
WHERE feed_id = %(feed)s AND key_hash = ANY(%(keys)s)
"""


@dataclass(slots=True)
class PointerCount:
    """Pointer cells ``found`` and ``resolved``; ``dangling`` row → why it must wait."""

    found: int = 0
    resolved: int = 0
    dangling: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Pointing:
    row: int
    column: Column
    key: str
    claims: Mapping[str, str]
    own_key: str


def check_pointers(batch: Import, contract: Contract) -> PointerCount:
    """Count the pointers of a staged file and find those that lead nowhere.

    A pointer leads somewhere when a row with that key exists, is not the pointing row itself, and
    agrees with everything else the pointer says about it.
    """
    count = PointerCount()
    columns = [column for column in contract.columns if column.pointer]
    if not columns:
        return count
    pointing = _pointing(batch, contract, columns)
    while some := list(itertools.islice(pointing, CHUNK)):
        targets = _targets(batch, {one.key for one in some})
        for one in some:
            count.found += 1
            why = _why_not(one, targets.get(key_hash(one.key)), contract)
            if not why:
                count.resolved += 1
            elif one.column.pointer and one.column.pointer.unresolved == "quarantine":
                count.dangling[one.row] = why
    return count


def _pointing(batch: Import, contract: Contract, columns: list[Column]) -> Iterator[_Pointing]:
    given = {"batch": batch.pk, "mark": POINTER_MARK}
    key = contract.identity.key
    with streaming(_POINTING, given) as rows:
        for number, content in rows:
            cells = split_content(content, contract.column_names)
            own = JOINT.join(cells[name] for name in key)
            for column in columns:
                text = cells[column.name]
                if text.startswith(POINTER_MARK):
                    target, *claims = text[1:].split("\x1e")
                    said = dict(claim.split("=", 1) for claim in claims)
                    yield _Pointing(number, column, target, said, own)


def _targets(batch: Import, keys: set[str]) -> dict[bytes, str]:
    given: dict[str, Any] = {
        "batch": batch.pk,
        "feed": batch.feed_id,
        "keys": [key_hash(key) for key in keys],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TARGETS, given)
        return {bytes(key): content for key, content in cursor.fetchall()}


def _why_not(one: _Pointing, target: str | None, contract: Contract) -> str:
    if one.key == one.own_key:
        return f"{one.column.header} points to its own row ({one.key})"
    if target is None:
        return (
            f"{one.column.header} points to row {one.key}, which is neither in the file "
            "nor known from before; send that row, then replay this one"
        )
    cells = split_content(target, contract.column_names)
    for name, value in one.claims.items():
        if cells.get(name) != value:
            return (
                f"{one.column.header} points to row {one.key} as {name} {value}, "
                f"but that row has {cells.get(name) or 'nothing'}"
            )
    return ""
