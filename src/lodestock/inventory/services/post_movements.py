"""Post goods movements: the only way stock changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from datetime import datetime

from lodestock.inventory.types import (
    MovementLine,
    PostingKind,
    PostingReceipt,
    PostingRequest,
    ReservationConsumption,
)
from lodestock.kernel.context import current
from lodestock.kernel.db import transaction

from . import wire
from .call import call_text
from .cases import open_cases

_POST = b"""
SELECT posting_id, movement_ids, replayed, recorded_at, below_zero, past
FROM ledger.post_v1(ROW($1, $2, $3, $4)::ledger.context_v1,
    $5::ledger.header_v1[], $6::ledger.line_v1[], $7::ledger.pin_v1[])
"""


_POST_LOSS = b"""
SELECT posting_id, movement_ids, replayed, recorded_at, below_zero, past, short
FROM ledger.post_loss_v1(ROW($1, $2, $3, $4)::ledger.context_v1,
    $5::ledger.header_v1[], $6::ledger.line_v1[], $7::ledger.pin_v1[])
"""
#: What somebody found gone is booked, whoever was promised it.
_LOSSES = frozenset({PostingKind.ADJUST.value, PostingKind.SCRAP.value})


def post_movements(
    *,
    kind: str,
    reference_type: str,
    reference_id: str,
    lines: Sequence[MovementLine],
    step: str = "",
    occurred_at: datetime | None = None,
    reason: str = "",
    consumes: Sequence[ReservationConsumption] = (),
    permits: Iterable[str] = (),
) -> PostingReceipt:
    """Book one posting: movements, event, reservations and balances together, or nothing.

    ``(reference_type, reference_id, step)`` makes it idempotent for ever: repeated with the same
    lines it answers with the first receipt. ``permits`` are what the caller has checked the
    principal may do: ``"past_below_zero"``, ``"closed_period"``.

    A loss (*adjust* or *scrap* to a virtual place) takes promised goods too: the youngest promises
    move to other goods within their reach; what finds none is short, and a case is opened.

    Raises :class:`InsufficientStock`, :class:`AlreadyPosted` (same reference, other lines),
    :class:`PlaceRefused`, :class:`LotRequired`, :class:`ReasonRequired`, :class:`FutureDated`,
    :class:`PastBelowZero`, :class:`PeriodClosed`, :class:`HandlingUnitRefused`,
    :class:`ReservationRefused` and :class:`InvalidInput`.
    """
    request = PostingRequest(
        kind, reference_type, str(reference_id), lines, step, reason, occurred_at, consumes
    )
    return post_many([request], permits=permits)[0]


def post_many(
    postings: Sequence[PostingRequest], *, permits: Iterable[str] = ()
) -> list[PostingReceipt]:
    """Book many postings in one round trip, all or nothing; receipts in the same order.

    Outside a transaction it is one of its own. See :func:`post_movements` for what it raises.
    """
    if not postings:
        return []
    context = current()
    permits = tuple(permits)
    parameters = (*wire.context_text(context, permits), *wire.postings(postings, context.reason))
    losing = any(request.kind in _LOSSES for request in postings)
    with transaction() if permits or losing or _has_units(postings) else nullcontext():
        if losing:
            rows = call_text(b"lodestock_post_loss_v1", _POST_LOSS, parameters)
        else:
            rows = call_text(b"lodestock_post_v1", _POST, parameters)
        if any(rows[0][4:]):
            open_cases(*(json.loads(found or "[]") for found in rows[0][4:]))
    return [wire.receipt(row) for row in rows]


def _has_units(postings: Sequence[PostingRequest]) -> bool:
    """Units are records: their history wants to know who moved them."""
    return any(
        line.source.hu_id or line.destination.hu_id
        for request in postings
        for line in request.lines
    )
