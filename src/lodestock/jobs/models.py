"""The tables of background work."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lodestock.kernel.fields import StatusField
from lodestock.kernel.ids import encode
from lodestock.kernel.models import Projection

from .domain import JOB


class Job(Projection):
    """One piece of background work: what, for whom, how far, how it ended.

    Whoever holds ``lease_token`` may work on it until ``lease_until``; a worker that died lets
    the lease run out, and another takes over. ``progress_done`` and ``progress_total`` count
    whatever the kind of job counts (rows, documents).
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=100)
    params = models.JSONField(default=dict)
    status = StatusField(JOB)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.IntegerField(default=0)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True)
    hinted_at = models.DateTimeField(null=True, help_text="When a worker was last told of it.")
    cancel_requested = models.BooleanField(default=False)
    progress_done = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(null=True)
    progress_message = models.CharField(max_length=300, blank=True, default="")
    result = models.JSONField(null=True)
    error = models.TextField(blank=True, default="")
    unique_key = models.CharField(
        max_length=200, blank=True, default="", help_text="At most one open job may carry it."
    )
    actor_id = models.BigIntegerField(null=True)
    correlation_id = models.UUIDField()
    causation_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(Projection.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(status__in=["queued", "running"]) & ~Q(unique_key=""),
                name="job_unique_while_open",
            ),
            models.CheckConstraint(
                condition=Q(progress_done__gte=0, attempts__gte=0), name="job_counts"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="queued"), name="job_due"),
            models.Index(fields=["lease_until"], condition=Q(status="running"), name="job_leased"),
            models.Index(fields=["kind", "-id"], name="job_by_kind"),
            models.Index(fields=["correlation_id"], name="job_by_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} ({self.status})"

    @property
    def sqid(self) -> str:
        """The public id."""
        return encode("jobs.job", self.pk)


class JobTally(Projection):
    """How many jobs of a kind ended how, and how long their last attempts took.

    Kept here and not in a process, because workers come and go and ``/metrics`` answers from
    another process. ``buckets[i]`` counts durations up to ``metrics.BOUNDS[i]`` seconds (and
    above the one before), the last entry all longer ones.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=100)
    status = StatusField(JOB)
    ended = models.BigIntegerField(default=0)
    milliseconds = models.BigIntegerField(default=0)
    buckets = ArrayField(models.BigIntegerField())

    class Meta(Projection.Meta):
        constraints = [models.UniqueConstraint(fields=["kind", "status"], name="job_tally_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}: {self.ended}"
