"""Undo goods movements by posting their opposite; what is written stays written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from lodestock.inventory.models import Movement, Posting
from lodestock.inventory.types import PostingReceipt
from lodestock.kernel.context import current
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput, NotFound

from . import wire
from .call import call
from .cases import open_cases

_REVERSE = """
SELECT posting_id, movement_ids, replayed, recorded_at, below_zero, past
FROM ledger.reverse_v1(ROW(%s, %s, %s, %s::text[])::ledger.context_v1,
    ROW(%s, %s, %s, %s, %s, %s)::ledger.header_v1, %s::bigint[])
"""


def reverse_movement(
    movement_id: int,
    *,
    reason: str,
    occurred_at: datetime | None = None,
    permits: Iterable[str] = (),
) -> PostingReceipt:
    """Post the opposite of one movement, linked to it; see :func:`reverse_posting`."""
    movement = Movement.objects.filter(pk=movement_id).select_related("posting").first()
    if movement is None:
        raise NotFound(f"There is no movement {movement_id}.")
    step = f"{movement.posting.step}reversal:{movement_id}"
    return _reverse(
        movement.posting,
        [movement_id],
        step=step,
        reason=reason,
        occurred_at=occurred_at,
        permits=permits,
    )


def reverse_posting(
    posting_id: int,
    *,
    reason: str,
    occurred_at: datetime | None = None,
    permits: Iterable[str] = (),
) -> PostingReceipt:
    """Post the opposite of every movement of a posting.

    ``reason`` says why, in words. It counts from now on, unless ``occurred_at`` says since when the
    original was wrong. Raises :class:`AlreadyReversed` when any of it was reversed before,
    :class:`InsufficientStock` when the goods are no longer there, and what posting raises.
    """
    posting = Posting.objects.filter(pk=posting_id).first()
    if posting is None:
        raise NotFound(f"There is no posting {posting_id}.")
    query = Movement.objects.filter(
        posting_id=posting_id,
        recorded_at=posting.recorded_at,
        pk__range=(posting.first_movement_id, posting.last_movement_id),
    )
    ids = sorted(query.values_list("pk", flat=True))
    return _reverse(
        posting,
        ids,
        step=f"{posting.step}reversal",
        reason=reason,
        occurred_at=occurred_at,
        permits=permits,
    )


def _reverse(
    posting: Posting,
    movement_ids: Sequence[int],
    *,
    step: str,
    reason: str,
    occurred_at: datetime | None,
    permits: Iterable[str],
) -> PostingReceipt:
    if not reason.strip():
        raise InvalidInput("Say why it is reversed.", field="reason")
    header = (posting.kind, posting.reference_type, posting.reference_id, step, reason, occurred_at)
    with transaction():
        context = wire.context_row(current(), permits)
        row = call(_REVERSE, (*context, *header, list(movement_ids)))[0]
        open_cases(row[4] or [], row[5] or [])
    return PostingReceipt(row[0], row[1], row[2], row[3])
