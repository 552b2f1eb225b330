"""Contracts, imports, drift and quarantine over HTTP."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.feeds import permissions as may
from lodestock.feeds import selectors, services
from lodestock.feeds.domain.contract import parse_contract
from lodestock.feeds.domain.contract.loading import contract_document
from lodestock.feeds.errors import UnreadableFile
from lodestock.feeds.models import (
    ContractVersion,
    DriftReport,
    Feed,
    Import,
    QuarantinedRow,
    RawFile,
)
from lodestock.kernel.api.serializers import NoBody, ReasonRequired
from lodestock.kernel.api.verbs import verb
from lodestock.kernel.api.viewsets import DocumentViewSet, ReadViewSet
from lodestock.kernel.db import transaction
from lodestock.kernel.principals import Principal

from . import filters
from . import serializers as shown

ENDINGS = frozenset({".csv", ".tsv", ".txt", ".json", ".jsonl", ".xlsx", ".gz", ".zip"})


class FeedViewSet(DocumentViewSet[Feed]):
    """Streams of files about the same things."""

    model = Feed
    serializer_class = shown.FeedSerializer
    filterset_class = filters.FeedFilterSet
    ordering_fields = ("code", "created_at")
    search_fields = ("code", "title")

    def visible_to(self, principal: Principal) -> QuerySet[Feed]:
        return selectors.feeds_visible_to(principal)


class ContractVersionViewSet(DocumentViewSet[ContractVersion]):
    """What the files of a feed mean, version by version."""

    model = ContractVersion
    serializer_class = shown.ContractVersionSerializer
    filterset_class = filters.ContractVersionFilterSet
    ordering_fields = ("major", "minor", "created_at")
    search_fields = ("feed__code", "note")
    permissions: ClassVar[dict[str, str]] = {"create": may.WRITE_CONTRACT}

    def visible_to(self, principal: Principal) -> QuerySet[ContractVersion]:
        return selectors.versions_visible_to(principal)

    @extend_schema(request=shown.ContractBody)
    def create(self, request: Request) -> Response:
        """Register a contract; every problem in it is named at once."""
        body = shown.ContractBody(data=request.data)
        body.is_valid(raise_exception=True)
        text = body.validated_data["text"]
        parse_contract(text)
        with transaction():
            version = services.register_contract(contract_document(text))
        return self.answer(version, status_code=status.HTTP_201_CREATED)

    @verb(NoBody)
    def activate(self, version: ContractVersion, data: Any) -> ContractVersion:
        """Read new files with this version."""
        return services.activate_version(version)

    @verb(NoBody)
    def retire(self, version: ContractVersion, data: Any) -> ContractVersion:
        """Read no file with this version any more."""
        return services.retire_version(version)


class RawFileViewSet(ReadViewSet[RawFile]):
    """Every inbound file, addressed by the sha256 of its bytes."""

    model = RawFile
    serializer_class = shown.RawFileSerializer
    filterset_class = filters.RawFileFilterSet
    ordering_fields = ("recorded_at", "size_bytes", "name")
    search_fields = ("name", "sha256")

    def visible_to(self, principal: Principal) -> QuerySet[RawFile]:
        return selectors.files_visible_to(principal)

    @verb(ReasonRequired)
    def redact(self, raw: RawFile, data: Any) -> RawFile:
        """Remove the bytes for good; sha256, size and the reason stay."""
        services.redact(raw, reason=data["reason"])
        return raw


class ImportViewSet(DocumentViewSet[Import]):
    """Readings of files. Send one by ``POST``: the bytes are stored before they are read."""

    model = Import
    serializer_class = shown.ImportSerializer
    serializers: ClassVar[dict[str, Any]] = {"retrieve": shown.ImportDetailSerializer}
    filterset_class = filters.ImportFilterSet
    ordering_fields = ("created_at", "finished_at", "received")
    search_fields = ("raw_file__name", "raw_file__sha256")
    permissions: ClassVar[dict[str, str]] = {"create": may.SEND}

    def visible_to(self, principal: Principal) -> QuerySet[Import]:
        return selectors.imports_visible_to(principal)

    def get_parsers(self) -> list[Any]:
        if self.request and self.request.method == "POST":
            return [MultiPartParser()]
        return super().get_parsers()

    @extend_schema(request={"multipart/form-data": shown.UploadSerializer})
    def create(self, request: Request) -> Response:
        """Store a file and have it read; look at the import again for the answer."""
        body = shown.UploadSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        feed = selectors.feed_by_code(data["contract"])
        _refuse_type(data["file"].name)
        headers = {"content_type": data["file"].content_type, "file_name": data["file"].name}
        raw = services.store_stream(data["file"], name=data["file"].name, headers=headers)
        with transaction():
            batch = services.open_import(
                services.current_version(feed), raw, dry_run=data["dry_run"]
            )
            services.run_later(batch)
        return self.answer(batch, status_code=status.HTTP_201_CREATED)


def _refuse_type(name: str) -> None:
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        accepted = ", ".join(sorted(ENDINGS))
        raise UnreadableFile(
            f"Files that end in {ending or 'nothing'} are not read; accepted are {accepted}.",
            field="file",
        )


class DriftReportViewSet(DocumentViewSet[DriftReport]):
    """What was different in a file. Confirm the fixes and the file is read again, or reject it."""

    model = DriftReport
    serializer_class = shown.DriftReportSerializer
    filterset_class = filters.DriftReportFilterSet
    ordering_fields = ("created_at", "decided_at", "status")
    search_fields = ("batch__feed__code", "batch__raw_file__name")

    def visible_to(self, principal: Principal) -> QuerySet[DriftReport]:
        return selectors.reports_visible_to(principal)

    @verb(shown.ConfirmBody)
    def confirm(self, report: DriftReport, data: Any) -> DriftReport:
        """Accept the proposed fixes (or others) and replay the file."""
        services.run_later(services.decide_drift(report, **data))
        return report

    @verb(shown.NoteBody)
    def reject(self, report: DriftReport, data: Any) -> DriftReport:
        """Turn the file away; its bytes stay."""
        services.reject_drift(report, **data)
        return report


class QuarantinedRowViewSet(DocumentViewSet[QuarantinedRow]):
    """Rows that wait for a person."""

    model = QuarantinedRow
    serializer_class = shown.QuarantinedRowSerializer
    filterset_class = filters.QuarantinedRowFilterSet
    ordering_fields = ("row_number", "created_at", "status")
    search_fields = ("reason", "code", "batch__feed__code")

    def visible_to(self, principal: Principal) -> QuerySet[QuarantinedRow]:
        return selectors.rows_visible_to(principal)

    @verb(shown.FixBody)
    def fix(self, row: QuarantinedRow, data: Any) -> QuarantinedRow:
        """Put texts in place of cells and replay the row, exactly once."""
        return services.fix_and_replay(row, **data)

    @verb(shown.RejectBody)
    def reject(self, row: QuarantinedRow, data: Any) -> QuarantinedRow:
        """Leave the row out for good."""
        return services.reject_row(row, **data)
