"""What crosses the border of the event log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact about to be recorded.

    ``payload`` may hold decimals, dates, aware instants and UUIDs; it must never hold names or
    addresses of people, only their ids. ``occurred_at`` is now unless given; it must not lie in
    the future. ``schema_version`` is the major version of the payload's JSON Schema.
    """

    event_type: str
    payload: Mapping[str, Any]
    schema_version: int = 1
    occurred_at: datetime | None = None
    site_id: int | None = None
    causation_id: UUID | None = None
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """New events for one aggregate, for :func:`services.append_many`."""

    aggregate_type: str
    aggregate_id: int
    events: Sequence[NewEvent]
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A fact as it stands in the log. ``position`` is set once the sequencer has seen it."""

    id: int
    event_id: UUID
    aggregate_type: str
    aggregate_id: int
    seq: int
    event_type: str
    schema_version: int
    occurred_at: datetime
    recorded_at: datetime
    payload: dict[str, Any]
    actor_id: int | None = None
    site_id: int | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    idempotency_key: str = ""
    position: int | None = None
