"""How jobs look over HTTP. Parameters stay inside: they hold keys of rows."""

from __future__ import annotations

from rest_framework import serializers

from lodestock.jobs.models import Job
from lodestock.kernel.api.fields import SqidField
from lodestock.kernel.api.serializers import RecordSerializer


class JobSerializer(RecordSerializer):
    """A job: how far it is and how it ended. ``error`` is the last line of what went wrong."""

    actor = SqidField("accounts.user", source="actor_id", read_only=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = (
            "sqid",
            "kind",
            "status",
            "progress_done",
            "progress_total",
            "progress_message",
            "attempts",
            "cancel_requested",
            "result",
            "error",
            "actor",
            "correlation_id",
            "due_at",
            "created_at",
            "started_at",
            "finished_at",
        )
        read_only_fields = fields

    def get_error(self, job: Job) -> str:
        """Without the traceback, which is for the back office."""
        return job.error.strip().rpartition("\n")[2][:500]
