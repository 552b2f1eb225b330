"""Record what happened, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from django.db import IntegrityError, connection, transaction

from lodestock.eventstore.schemas import check_payload
from lodestock.eventstore.subscriptions.immediate import dispatch_in_transaction
from lodestock.eventstore.types import NewEvent, StoredEvent, Stream
from lodestock.kernel.context import Context, current
from lodestock.kernel.encoding import dumps
from lodestock.kernel.errors import InvalidInput, StaleVersion

from .just_stored import JustStored

# One JSON text for all events: arrays of text would be escaped quote by quote on the way. Versions
# are counted on from the newest of each stream; the rows are written in the given order.
_INSERT = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb) AS g(
        place int, aggregate_type text, aggregate_id bigint, step int, event_type text,
        schema_version smallint, occurred_at timestamptz, site_id bigint, causation_id uuid,
        idempotency_key text, payload jsonb)),
versions AS (
    SELECT s.aggregate_type, s.aggregate_id, coalesce(newest.seq, 0) AS seq
    FROM (SELECT DISTINCT aggregate_type, aggregate_id FROM given) AS s
    LEFT JOIN LATERAL (
        SELECT e.seq FROM eventstore_event AS e
        WHERE e.aggregate_type = s.aggregate_type AND e.aggregate_id = s.aggregate_id
        ORDER BY e.seq DESC LIMIT 1) AS newest ON true)
INSERT INTO eventstore_event (aggregate_type, aggregate_id, seq, event_type, schema_version,
    occurred_at, site_id, causation_id, idempotency_key, payload, actor_id, correlation_id)
SELECT g.aggregate_type, g.aggregate_id, v.seq + g.step, g.event_type, g.schema_version,
       coalesce(g.occurred_at, statement_timestamp()), g.site_id, g.causation_id,
       g.idempotency_key, g.payload, %s::bigint, %s::uuid
FROM given AS g JOIN versions AS v USING (aggregate_type, aggregate_id)
ORDER BY g.place
RETURNING id, event_id, aggregate_type, aggregate_id, seq, occurred_at, recorded_at
"""

_VERSION = """
SELECT coalesce(max(seq), 0) FROM eventstore_event WHERE aggregate_type = %s AND aggregate_id = %s
"""


def append(
    *,
    aggregate_type: str,
    aggregate_id: int,
    events: Sequence[NewEvent],
    expected_version: int | None = None,
) -> Sequence[StoredEvent]:
    """Add ``events`` to one stream, inside the caller's transaction, in the given order.

    Actor, correlation and causation come from the context. Raises :class:`StaleVersion` with
    the current version when ``expected_version`` is not it, or when another transaction wrote
    to the stream at the same moment; :class:`InvalidEvent` for a payload against its schema.
    """
    return append_many([Stream(aggregate_type, aggregate_id, events, expected_version)])


def append_many(streams: Sequence[Stream]) -> Sequence[StoredEvent]:
    """Add events to several streams in one round trip; see :func:`append`.

    A stream may appear once. The result is in the order of the streams and their events; its
    items are made when they are looked at.
    """
    pairs = [(stream, event) for stream in streams for event in stream.events]
    if not pairs:
        return ()
    _check(streams, pairs)
    _refuse_stale(streams)
    stored = JustStored(_insert(streams), [event for _, event in pairs], current())
    dispatch_in_transaction(stored)
    return stored


def current_version(aggregate_type: str, aggregate_id: int) -> int:
    """Number of events in the stream; 0 when it has none."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [aggregate_type, aggregate_id])
        version: int = cursor.fetchone()[0]
    return version


def _check(streams: Sequence[Stream], pairs: Sequence[tuple[Stream, NewEvent]]) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("append() must run inside the transaction of the change it records")
    keys = {(stream.aggregate_type, stream.aggregate_id) for stream in streams}
    if len(keys) < len(streams):
        raise InvalidInput("A stream appears twice in one call: put its events into one entry.")
    for _, event in pairs:
        check_payload(event)


def _refuse_stale(streams: Sequence[Stream]) -> None:
    for stream in streams:
        if stream.expected_version is None:
            continue
        version = current_version(stream.aggregate_type, stream.aggregate_id)
        if version != stream.expected_version:
            raise _stale(stream, version)


def _insert(streams: Sequence[Stream]) -> list[tuple[Any, ...]]:
    context = current()
    parameters = [_as_json(streams, context), context.actor_id, context.correlation_id]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_INSERT, parameters)
            rows = cursor.fetchall()
    except IntegrityError as error:
        _explain(error, streams)
    place = {(s.aggregate_type, s.aggregate_id): n for n, s in enumerate(streams)}
    return sorted(rows, key=lambda row: (place[row[2], row[3]], row[4]))


def _as_json(streams: Sequence[Stream], context: Context) -> str:
    rows = [
        {
            "aggregate_type": stream.aggregate_type,
            "aggregate_id": stream.aggregate_id,
            "step": step,
            "event_type": event.event_type,
            "schema_version": event.schema_version,
            "occurred_at": event.occurred_at,
            "site_id": event.site_id,
            "causation_id": event.causation_id or context.causation_id,
            "idempotency_key": event.idempotency_key,
            "payload": event.payload,
        }
        for stream in streams
        for step, event in enumerate(stream.events, start=1)
    ]
    for place, row in enumerate(rows):
        row["place"] = place
    return dumps(rows)


def _explain(error: IntegrityError, streams: Sequence[Stream]) -> NoReturn:
    if "event_stream_version" not in str(error):
        raise error
    stream = next((s for s in streams if s.expected_version is not None), streams[0])
    version = current_version(stream.aggregate_type, stream.aggregate_id)
    raise _stale(stream, version) from error


def _stale(stream: Stream, version: int) -> StaleVersion:
    name = stream.aggregate_type
    expected = stream.expected_version
    asked = "the newest" if expected is None else str(expected)
    return StaleVersion(
        f"The {name} is at version {version}, not {asked}: read it again and repeat the step.",
        aggregate_type=name,
        expected_version=expected,
        current_version=version,
    )
