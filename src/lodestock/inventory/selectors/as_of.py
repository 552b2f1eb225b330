"""Stock as of any instant, on both clocks: a monthly snapshot and what came after it.

``as_of`` is the clock of the world: what had occurred by then, with all that is known today (or
was known at ``known_at``). ``known_at`` alone is the clock of the books: what we believed then.

A movement that occurred in the month it was recorded in stands in that month's partition. All
others are *late* and found through a partial index. What was true at a month boundary is the books
at it and the late corrections since; so every question reads those, at most the partition of one
month, and the late rows that matter.
"""
# ruff: noqa: S608 (the texts put together here are constants; values travel as parameters)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from lodestock.inventory.models import Snapshot
from lodestock.inventory.types import Balance

_KEY = "variant_id, location_id, lot_id, status, owner_id"
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class _Arms:
    """Parts of one UNION ALL, each a signed set of quantities."""

    filters: str
    filter_parameters: list[Any]
    texts: list[str]
    parameters: list[Any]

    def add(self, source: str, condition: str, *parameters: Any, sign: str = "") -> None:
        self.texts.append(
            f"SELECT {_KEY}, {sign}quantity FROM {source} WHERE {condition}{self.filters}"
        )
        self.parameters += [*parameters, *self.filter_parameters]


def stock_as_of(
    as_of: datetime | None = None,
    *,
    known_at: datetime | None = None,
    variant_ids: Sequence[int] | None = None,
    location_ids: Sequence[int] | None = None,
) -> list[Balance]:
    """What was there? Rows that are not zero; ``reserved`` is not a matter of the past."""
    text, parameters = statement(
        as_of, known_at=known_at, variant_ids=variant_ids, location_ids=location_ids
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{text} ORDER BY {_KEY}", parameters)
        return [Balance(*row) for row in cursor.fetchall()]


def total_as_of(as_of: datetime | None = None, **choice: Any) -> tuple[int, Decimal]:
    """Number of keys and quantity in all, without fetching the rows."""
    text, parameters = statement(as_of, **choice)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum(on_hand), 0) FROM ({text}) stock", parameters
        )
        count, total = cursor.fetchone()
    return count, total


def statement(
    as_of: datetime | None = None,
    *,
    known_at: datetime | None = None,
    variant_ids: Sequence[int] | None = None,
    location_ids: Sequence[int] | None = None,
) -> tuple[str, list[Any]]:
    """The SELECT behind :func:`stock_as_of` and its parameters: the key columns and on_hand."""
    filters, values = "", []
    for column, chosen in (("variant_id", variant_ids), ("location_id", location_ids)):
        if chosen is not None:
            filters += f" AND {column} = ANY(%s)"
            values.append(list(chosen))
    arms = _Arms(filters, values, [], [])
    if as_of is not None:
        _true_then(arms, as_of, known_at)
    else:
        _believed_then(arms, known_at or datetime.now(UTC) + timedelta(seconds=1))
    return (
        (
            f"SELECT {_KEY}, sum(quantity) AS on_hand FROM ({' UNION ALL '.join(arms.texts)}) parts"
            " WHERE location_id IN (SELECT id FROM inventory_place WHERE keeps_stock)"
            f" GROUP BY {_KEY} HAVING sum(quantity) <> 0"
        ),
        arms.parameters,
    )


def _believed_then(arms: _Arms, known_at: datetime) -> None:
    start = _books_at(arms, _newest("recorded", known_at))
    arms.add("inventory_side", "recorded_at >= %s AND recorded_at <= %s", start, known_at)


def _true_then(arms: _Arms, as_of: datetime, known_at: datetime | None) -> None:
    if known_at is not None and known_at <= as_of:
        # Nothing known by then occurred after it.
        _believed_then(arms, known_at)
        return
    late = _newest("late", as_of)
    start = late.boundary if late else _BEGINNING
    if late:
        _books_at(arms, Snapshot.objects.filter(axis="recorded", boundary=start).first())
        _corrections(arms, late, known_at)
    known = "" if known_at is None else " AND recorded_at <= %s"
    more = [] if known_at is None else [known_at]
    between = "occurred_at >= %s AND occurred_at <= %s"
    arms.add("inventory_side", f"late AND {between}{known}", start, as_of, *more)
    month = "recorded_at >= %s AND recorded_at < %s AND occurred_at <= %s"
    end = next_month(as_of)
    arms.add("inventory_side", f"NOT late AND {month}{known}", start, end, as_of, *more)


def _books_at(arms: _Arms, snapshot: Snapshot | None) -> datetime:
    if snapshot is None:
        return _BEGINNING
    arms.add("inventory_snapshotrow", "snapshot_id = %s", snapshot.pk)
    return snapshot.boundary


def _corrections(arms: _Arms, late: Snapshot, known_at: datetime | None) -> None:
    """What was learned after the boundary about the time before it."""
    arms.add("inventory_snapshotrow", "snapshot_id = %s", late.pk)
    about = "late AND occurred_at < %s AND recorded_at >= %s"
    if known_at is None or known_at >= late.built_through:
        limit = known_at or datetime.max.replace(tzinfo=UTC)
        since = f"{about} AND recorded_at <= %s"
        arms.add("inventory_side", since, late.boundary, late.built_through, limit)
        return
    # The corrections know more than was known then: take that away again.
    too_early = f"{about} AND recorded_at > %s AND recorded_at < %s"
    values = (late.boundary, late.boundary, known_at, late.built_through)
    arms.add("inventory_side", too_early, *values, sign="-")


def _newest(axis: str, moment: datetime) -> Snapshot | None:
    return Snapshot.objects.filter(axis=axis, boundary__lte=moment).order_by("-boundary").first()


def next_month(moment: datetime) -> datetime:
    """The first instant of the month after ``moment`` (UTC)."""
    first = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
