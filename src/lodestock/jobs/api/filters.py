"""Filters of the list of jobs."""

from __future__ import annotations

import django_filters

from lodestock.jobs.models import Job
from lodestock.kernel.api.filters import StrictFilterSet


class JobFilterSet(StrictFilterSet):
    """By kind, status, chain of work and time."""

    created_after = django_filters.IsoDateTimeFilter("created_at", lookup_expr="gte")
    created_before = django_filters.IsoDateTimeFilter("created_at", lookup_expr="lt")

    class Meta:
        model = Job
        fields = ("kind", "status", "correlation_id")
