"""What ``append`` answers: values that are made only for who looks at them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, overload

from lodestock.eventstore.types import NewEvent, StoredEvent
from lodestock.kernel.context import Context
from lodestock.kernel.encoding import dumps

Row = tuple[Any, ...]


class JustStored(Sequence[StoredEvent]):
    """The events just written, in the order given. An import of 26,000 looks at none of them."""

    def __init__(self, rows: Sequence[Row], events: Sequence[NewEvent], context: Context) -> None:
        self._rows, self._events, self._context = rows, events, context

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> StoredEvent: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[StoredEvent]: ...

    def __getitem__(self, index: int | slice) -> StoredEvent | Sequence[StoredEvent]:
        if isinstance(index, slice):
            return JustStored(self._rows[index], self._events[index], self._context)
        return self._stored(self._rows[index], self._events[index])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def _stored(self, row: Row, event: NewEvent) -> StoredEvent:
        return StoredEvent(
            id=row[0],
            event_id=row[1],
            aggregate_type=row[2],
            aggregate_id=row[3],
            seq=row[4],
            event_type=event.event_type,
            schema_version=event.schema_version,
            occurred_at=row[5],
            recorded_at=row[6],
            # As readers of the log will see it: decimals as text, instants in UTC.
            payload=json.loads(dumps(event.payload)),
            actor_id=self._context.actor_id,
            site_id=event.site_id,
            correlation_id=self._context.correlation_id,
            causation_id=event.causation_id or self._context.causation_id,
            idempotency_key=event.idempotency_key,
        )
