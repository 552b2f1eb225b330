"""How feeds look over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lodestock.feeds.models import (
    ContractVersion,
    DriftReport,
    Feed,
    Import,
    QuarantinedRow,
    RawFile,
)
from lodestock.feeds.services import answer_of
from lodestock.kernel.api.serializers import RecordSerializer, StrictSerializer

_RECORD = ("active", "created_at", "updated_at")


class FeedSerializer(RecordSerializer):
    """A stream of files about the same things."""

    class Meta:
        model = Feed
        fields = ("sqid", "code", "title", *_RECORD)
        read_only_fields = fields


class ContractVersionSerializer(RecordSerializer):
    """What a feed's files mean; ``document`` is the content of the YAML file."""

    version = serializers.CharField(read_only=True)

    class Meta:
        model = ContractVersion
        fields = ("sqid", "feed", "version", "status", "origin", "note", "document", *_RECORD)
        read_only_fields = fields


class ContractBody(StrictSerializer):
    """A contract as YAML (or JSON) text."""

    text = serializers.CharField(max_length=1_000_000, trim_whitespace=False)


class RawFileSerializer(RecordSerializer):
    """A file as it came; its bytes are addressed by ``sha256``."""

    class Meta:
        model = RawFile
        fields = ("sqid", "sha256", "size_bytes", "name", "headers", "recorded_at")
        read_only_fields = fields


class ImportSerializer(RecordSerializer):
    """One reading of a file. The four counts add up to ``received`` once it has ended."""

    sha256 = serializers.CharField(source="raw_file.sha256", read_only=True)
    name = serializers.CharField(source="raw_file.name", read_only=True)

    class Meta:
        model = Import
        fields = (
            "sqid",
            "feed",
            "contract_version",
            "raw_file",
            "sha256",
            "name",
            "status",
            "dry_run",
            "form",
            "received",
            "applied",
            "unchanged",
            "quarantined",
            "rejected",
            "error",
            "finished_at",
            *_RECORD,
        )
        read_only_fields = fields


class ImportDetailSerializer(ImportSerializer):
    """With the whole answer: totals, classes, drift, what to do next."""

    answer = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = (*ImportSerializer.Meta.fields, "answer")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_answer(self, batch: Import) -> dict[str, Any]:
        return answer_of(batch)


class UploadSerializer(StrictSerializer):
    """A file for a feed; ``contract`` is the feed's code."""

    contract = serializers.CharField(max_length=63)
    file = serializers.FileField(max_length=255, allow_empty_file=True)
    dry_run = serializers.BooleanField(default=False)


class DriftReportSerializer(RecordSerializer):
    """What was different in a file: field, old and new pattern, rows, evidence, proposed fix."""

    class Meta:
        model = DriftReport
        fields = ("sqid", "batch", "status", "findings", "fixes", "note", "decided_at", *_RECORD)
        read_only_fields = fields


class ConfirmBody(StrictSerializer):
    """``fixes`` replace the proposed ones; ``activate`` reads later files so as well."""

    fixes = serializers.ListField(
        child=serializers.DictField(), required=False, allow_null=True, default=None
    )
    activate = serializers.BooleanField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class NoteBody(StrictSerializer):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class QuarantinedRowSerializer(RecordSerializer):
    """A row that waits, with its original cells and the reason."""

    class Meta:
        model = QuarantinedRow
        fields = (
            "sqid",
            "batch",
            "row_number",
            "line",
            "status",
            "code",
            "field",
            "reason",
            "cells",
            "fix",
            "decided_at",
            *_RECORD,
        )
        read_only_fields = fields


class FixBody(StrictSerializer):
    """``cells``: column or header → the text to put there. ``accept_change`` takes the row as a
    correction of the one known by the same key."""

    cells = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=20_000),
        required=False,
        default=dict,
    )
    accept_change = serializers.BooleanField(default=False)


class RejectBody(StrictSerializer):
    reason = serializers.CharField(max_length=300)
