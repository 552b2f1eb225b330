"""Where each subscriber stands, and what it could not digest."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from lodestock.kernel.fields import EnumField
from lodestock.kernel.ids import encode
from lodestock.kernel.models import Projection


class Checkpoint(Projection):
    """The last position that one subscriber has dealt with."""

    subscription = models.CharField(max_length=120, primary_key=True)
    position = models.BigIntegerField(default=0)
    quiet_upto = models.BigIntegerField(
        default=0, help_text="Events up to here are being replayed: nothing may be sent for them."
    )
    updated_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.subscription} at {self.position}"


class ParkedEvent(Projection):
    """An event a subscriber failed on; tried again later, while the rest goes on.

    ``waiting``: due again at ``next_attempt_at``. ``dead``: attempts used up, needs a person.
    A row that succeeds is removed.
    """

    id = models.BigAutoField(primary_key=True)
    subscription = models.CharField(max_length=120)
    position = models.BigIntegerField()
    event_id = models.BigIntegerField(help_text="Key of the event row.")
    event_type = models.CharField(max_length=80)
    aggregate_type = models.CharField(max_length=60)
    aggregate_id = models.BigIntegerField()
    state = EnumField(["waiting", "dead"], default="waiting")
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    effects = models.BooleanField(default=True, help_text="False: met during a quiet replay.")
    error = models.TextField(blank=True)
    parked_at = models.DateTimeField(db_default=Now())

    class Meta(Projection.Meta):
        constraints = [
            models.UniqueConstraint(fields=["subscription", "position"], name="parked_once")
        ]
        indexes = [
            models.Index(
                fields=["subscription", "next_attempt_at"],
                condition=models.Q(state="waiting"),
                name="parked_due",
            ),
            models.Index(
                fields=["subscription", "aggregate_type", "aggregate_id"], name="parked_stream"
            ),
        ]

    @property
    def sqid(self) -> str:
        """The public id."""
        return encode("eventstore.parkedevent", self.pk)

    def __str__(self) -> str:
        return f"{self.subscription} failed on {self.event_type}, {self.attempts} times"
