"""The log itself and the order in which it is read."""

from __future__ import annotations

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now

from lodestock.eventstore.fields import TransactionIdField
from lodestock.kernel.encoding import ExactEncoder
from lodestock.kernel.models import Fact, Projection


class Event(Fact):
    """Something that happened to one aggregate, in the words of the event catalogue.

    Every column but the stream, type and payload has a default, so that a posting function can
    add its event with one INSERT. ``txid`` serves the sequencer alone; readers go by position.
    """

    event_id = models.UUIDField(db_default=RandomUUID(), editable=False)
    aggregate_type = models.CharField(max_length=60)
    aggregate_id = models.BigIntegerField()
    seq = models.IntegerField(help_text="Version of the aggregate after this event, from 1.")
    event_type = models.CharField(max_length=80)
    schema_version = models.SmallIntegerField(
        default=1, db_default=1, help_text="Major version of the payload's schema."
    )
    occurred_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    site_id = models.BigIntegerField(null=True)
    correlation_id = models.UUIDField(null=True)
    causation_id = models.UUIDField(null=True)
    idempotency_key = models.CharField(max_length=200, default="", db_default="", blank=True)
    payload = models.JSONField(encoder=ExactEncoder)
    txid = TransactionIdField()

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["aggregate_type", "aggregate_id", "seq"], name="event_stream_version"
            ),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="event_seq_from_one"),
        ]
        # Almost always appended at its right edge, so it costs a posting next to nothing.
        indexes = [models.Index(fields=["txid", "id"], name="event_sequencing")]

    def __str__(self) -> str:
        return f"{self.event_type} {self.aggregate_type} {self.aggregate_id}/{self.seq}"


class EventPosition(Projection):
    """Gap-free reading order, written by the sequencer only, after the commit.

    ``correlation_id`` is repeated here because an index on it would slow every posting.
    """

    written_by = "functions"

    position = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True, help_text="Key of the event row.")
    correlation_id = models.UUIDField(null=True)
    sequenced_at = models.DateTimeField(db_default=Now())

    class Meta(Projection.Meta):
        indexes = [models.Index(fields=["correlation_id"], name="position_correlation")]

    def __str__(self) -> str:
        return f"{self.position} → event {self.event_id}"


class SequencerState(Projection):
    """One row: how far the sequencer has come.

    Every event whose ``(txid, id)`` is at or below the cursor has a position, and so has every
    event with ``id <= fence_id``: those came from a server whose transaction numbers mean
    nothing here (see ``services.after_restore``).
    """

    written_by = "functions"

    id = models.SmallIntegerField(primary_key=True, default=1)
    last_position = models.BigIntegerField(default=0, db_default=0)
    cursor_txid = TransactionIdField(db_default=None, null=True)
    cursor_event_id = models.BigIntegerField(default=0, db_default=0)
    fence_id = models.BigIntegerField(default=0, db_default=0)
    server_identity = models.CharField(max_length=40, default="", db_default="", blank=True)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta(Projection.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="sequencer_single_row")
        ]

    def __str__(self) -> str:
        return f"sequenced to {self.last_position}"
