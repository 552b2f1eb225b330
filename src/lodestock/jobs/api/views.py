"""The list of jobs; cancel and retry."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from lodestock.jobs import services
from lodestock.jobs.models import Job
from lodestock.jobs.permissions import SEE_ALL
from lodestock.kernel.api.serializers import NoBody
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import ReadViewSet
from lodestock.kernel.principals import Principal

from .filters import JobFilterSet
from .serializers import JobSerializer


class JobViewSet(ReadViewSet[Job]):
    """Background work: one's own, and for those who manage jobs everybody's."""

    model = Job
    serializer_class = JobSerializer
    filterset_class = JobFilterSet
    ordering_fields = ("created_at", "due_at", "finished_at", "status", "kind")
    ordering = ("-id",)
    search_fields = ("kind", "progress_message")

    def visible_to(self, principal: Principal) -> QuerySet[Job]:
        if principal.may(SEE_ALL):
            return Job.objects.all()
        return Job.objects.filter(Q(actor_id=principal.actor_id) & Q(actor_id__isnull=False))

    @verb(NoBody)
    def cancel(self, job: Job, data: Any) -> Job:
        """Stop it: at once while it waits, at its next report while it runs."""
        return services.cancel(job)

    @verb(NoBody)
    def retry(self, job: Job, data: Any) -> Job:
        """Run a failed or cancelled job again."""
        return services.retry(job)
