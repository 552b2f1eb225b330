"""Filters of the lists of feeds."""

from __future__ import annotations

import django_filters

from lodestock.feeds.models import (
    ContractVersion,
    DriftReport,
    Feed,
    Import,
    QuarantinedRow,
    RawFile,
)
from lodestock.kernel.api.filters import RecordFilterSet, SqidFilter, StrictFilterSet


class FeedFilterSet(RecordFilterSet):
    class Meta:
        model = Feed
        fields = ("code",)


class ContractVersionFilterSet(RecordFilterSet):
    class Meta:
        model = ContractVersion
        fields = ("feed", "status", "origin")


class RawFileFilterSet(StrictFilterSet):
    class Meta:
        model = RawFile
        fields = ("sha256",)


class ImportFilterSet(RecordFilterSet):
    sha256 = django_filters.CharFilter("raw_file__sha256")

    class Meta:
        model = Import
        fields = ("feed", "contract_version", "raw_file", "status", "dry_run")


class DriftReportFilterSet(RecordFilterSet):
    feed = SqidFilter("batch__feed_id", label_of="feeds.feed")

    class Meta:
        model = DriftReport
        fields = ("batch", "status")


class QuarantinedRowFilterSet(RecordFilterSet):
    feed = SqidFilter("batch__feed_id", label_of="feeds.feed")

    class Meta:
        model = QuarantinedRow
        fields = ("batch", "status", "code", "field")
