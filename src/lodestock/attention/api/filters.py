"""Filters of the list of cases."""

from __future__ import annotations

import django_filters

from lodestock.attention.models import ExceptionCase
from lodestock.kernel.api.filters import RecordFilterSet


class ExceptionCaseFilterSet(RecordFilterSet):
    """By status, severity, type, rule, subject, owner, site and when it was seen."""

    seen_after = django_filters.IsoDateTimeFilter("last_seen", lookup_expr="gte")
    seen_before = django_filters.IsoDateTimeFilter("first_seen", lookup_expr="lt")

    class Meta:
        model = ExceptionCase
        fields = ("status", "severity", "type", "rule", "subject_type", "owner", "site")
