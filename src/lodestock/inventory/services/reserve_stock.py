"""Promise stock to somebody, and take the promise back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lodestock.inventory.types import ReservationRequest, ReservationResult, ReservedLine
from lodestock.kernel import clock
from lodestock.kernel.context import current
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.numbers import Numeric
from lodestock.locations.selectors import location_facts
from lodestock.organisation.selectors import site_facts

from . import wire
from .call import call, call_text

_RESERVE = b"""
SELECT reservation_id, held, shortage, lines
FROM ledger.reserve_v1(ROW($1, $2, $3, $4)::ledger.context_v1,
    $5::ledger.reserve_v1[], $6::ledger.scope_v1[], $7)
"""
_WANT_LOTS = "SELECT ledger.want_lots_v1(%s::bigint[], %s::bigint[])"
_RELEASE = """
SELECT reservation_id, released
FROM ledger.release_v1(ROW(%s, %s, %s, %s::text[])::ledger.context_v1,
    %s::bigint[], %s::numeric, %s, %s)
"""
_HELD_BY = """
SELECT v.id FROM inventory_reservation v
JOIN unnest(%s::text[], %s::text[]) AS r (type, id)
  ON (v.reference_type, v.reference_id) = (r.type, r.id)
WHERE v.status = 'held' ORDER BY v.id
"""
_DUE = """
SELECT id FROM inventory_reservation
WHERE status = 'held' AND expires_at <= %s ORDER BY id LIMIT %s
"""


def reserve_stock(
    *,
    reference_type: str,
    reference_id: str,
    line_key: str,
    variant_id: int,
    quantity: Decimal,
    location_ids: Sequence[int],
    lot_id: int | None = None,
    partial: bool = False,
    expires_at: datetime | None = None,
    owner_id: int = 0,
) -> ReservationResult:
    """Hold ``quantity`` (base units) of a variant somewhere in ``location_ids``.

    First-expiring lots first; blocked and expired ones never. Asking again with the same
    reference and ``line_key`` fills up what is still short and never holds twice. Raises
    :class:`InsufficientStock` unless all of it can be held or ``partial`` is allowed.
    """
    request = ReservationRequest(
        reference_type,
        str(reference_id),
        str(line_key),
        variant_id,
        quantity,
        location_ids,
        lot_id,
        partial,
        expires_at,
        owner_id,
    )
    return _reserve([request], strict=True)[0]


def reserve_many(requests: Sequence[ReservationRequest]) -> list[ReservationResult]:
    """Hold stock for many requests in one round trip; results in the same order.

    Earlier requests are served first. One that falls short and is not ``partial`` holds nothing
    and reports its shortage; the others stand.
    """
    return _reserve(requests, strict=False) if requests else []


def release_reservation(
    reservation_id: int, *, quantity: Decimal | None = None, cause: str = ""
) -> Decimal:
    """Give up what a reservation holds, or ``quantity`` of it; answers how much that was."""
    amount = None if quantity is None else Decimal(wire.quantity(quantity))
    rows = _release([reservation_id], amount, cause, "released")
    return rows[0][1] if rows else Decimal(0)


def release_many(
    reservation_ids: Sequence[int] = (),
    *,
    references: Sequence[tuple[str, str]] = (),
    cause: str = "",
) -> dict[int, Decimal]:
    """Give up many reservations at once, by id or by whom they are for: id → quantity freed."""
    ids = list(reservation_ids)
    if references:
        types, keys = zip(*references, strict=True)
        ids += [row[0] for row in call(_HELD_BY, (list(types), list(map(str, keys))))]
    return dict(_release(sorted(set(ids)), None, cause, "released")) if ids else {}


def expire_reservations(*, moment: datetime | None = None, limit: int = 1000) -> int:
    """Give up reservations whose time has run out; answers how many (at most ``limit``)."""
    ids = [row[0] for row in call(_DUE, (moment or clock.now(), limit))]
    if ids:
        _release(ids, None, "expired", "expired")
    return len(ids)


def _reserve(requests: Sequence[ReservationRequest], *, strict: bool) -> list[ReservationResult]:
    _check_distinct(requests)
    scopes: dict[tuple[int, ...], int] = {}
    rows = [_row(item, _scope(item, scopes), _usable_on(item)) for item in requests]
    sets = ['(\\"{' + ",".join(map(str, scope)) + '}\\")' for scope in scopes]
    arrays = (wire.array(rows), wire.array(sets))
    parameters = (*wire.context_text(current(), ()), *arrays, "t" if strict else "f")
    by_name = any(item.lot_id is not None for item in requests)
    with transaction() if by_name else nullcontext():
        answers = call_text(b"lodestock_reserve_v1", _RESERVE, parameters)
        if by_name:
            keys = [int(str(answer[0])) for answer in answers]
            call(_WANT_LOTS, (keys, [item.lot_id for item in requests]))
    return [_result(answer) for answer in answers]


def _result(row: Sequence[str | None]) -> ReservationResult:
    key, held, shortage, lines = map(str, row)
    held_lines = [_line(*line) for line in json.loads(lines)]
    return ReservationResult(int(key), Decimal(held), Decimal(shortage), held_lines)


def _line(*values: Any) -> ReservedLine:
    *key, quantity = values
    return ReservedLine(*key, Decimal(quantity))  # type: ignore[call-arg]


def _check_distinct(requests: Sequence[ReservationRequest]) -> None:
    keys = {(item.reference_type, item.reference_id, item.line_key) for item in requests}
    if len(keys) < len(requests):
        raise InvalidInput("The same reference and line_key stand twice in one call.")


def _scope(item: ReservationRequest, scopes: dict[tuple[int, ...], int]) -> int:
    ids = item.location_ids if type(item.location_ids) is tuple else tuple(item.location_ids)
    if not ids:
        raise InvalidInput("location_ids is empty: say where to reserve.", field="location_ids")
    return scopes.setdefault(ids, len(scopes) + 1)


def _usable_on(item: ReservationRequest) -> str:
    """The day at the site of the first place: what expired before it is promised to nobody."""
    moment = clock.now()
    return clock.today(_zone_at(item.location_ids[0], _hour(moment)), at=moment).isoformat()


def _hour(moment: datetime) -> int:
    return int(moment.timestamp()) // 3600


@lru_cache(maxsize=8192)
def _zone_at(location_id: int, hour: int) -> str:
    """The time zone of a place, remembered until the ``hour`` is over."""
    place = location_facts([location_id]).get(location_id)
    return site_facts(place.site_id).time_zone if place and place.site_id else "UTC"


def _row(item: ReservationRequest, scope: int, usable_on: str) -> str:
    if not item.reference_type or not item.reference_id:
        raise InvalidInput("A reservation needs reference_type and reference_id.")
    names = ",".join(map(wire.quote, (item.reference_type, item.reference_id, item.line_key)))
    lot = "" if item.lot_id is None else f"{item.lot_id:d}"
    partial = "t" if item.partial else "f"
    return (
        f"({names},{item.variant_id:d},{wire.quantity(item.quantity)},{scope},{lot},"
        f"{item.owner_id:d},{partial},{wire.instant(item.expires_at, 'expires_at')},{usable_on})"
    )


def _release(
    ids: Sequence[int], quantity: Numeric | None, cause: str, status: str
) -> list[tuple[int, Decimal]]:
    context = wire.context_row(current(), ())
    return call(_RELEASE, (*context, list(ids), quantity, cause, status))
