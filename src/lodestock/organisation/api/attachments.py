"""Files of records over HTTP."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.kernel import ids
from lodestock.kernel.api.fields import SQID_SCHEMA
from lodestock.kernel.api.filters import RecordFilterSet
from lodestock.kernel.api.serializers import RecordSerializer, StrictSerializer
from lodestock.kernel.api.viewsets import RecordViewSet
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Forbidden, InvalidInput, NotFound
from lodestock.kernel.principals import Principal
from lodestock.organisation import selectors, services
from lodestock.organisation.models import Attachment


class AttachmentSerializer(RecordSerializer):
    """A file; ``subject`` is the row it belongs to, of the model ``subject_type``."""

    subject = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = (
            "sqid",
            "subject_type",
            "subject",
            "name",
            "media_type",
            "size_bytes",
            "sha256",
            "active",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields

    @extend_schema_field(SQID_SCHEMA)
    def get_subject(self, row: Attachment) -> str:
        return ids.encode(row.subject_type, row.subject_id)


class UploadSerializer(StrictSerializer):
    """A file and the row it is fastened to."""

    subject_type = serializers.CharField(max_length=80)
    subject = serializers.CharField(max_length=32)
    file = serializers.FileField(max_length=255, allow_empty_file=True)


class AttachmentFilterSet(RecordFilterSet):
    class Meta:
        model = Attachment
        fields = ("subject_type", "sha256", "media_type")


class AttachmentViewSet(RecordViewSet[Attachment]):
    """Whoever sees a row sees its files; whoever may change it fastens them and takes them away."""

    model = Attachment
    serializer_class = AttachmentSerializer
    filterset_class = AttachmentFilterSet
    ordering_fields = ("name", "size_bytes", "created_at")
    search_fields = ("name", "sha256")
    parser_classes = (MultiPartParser,)
    permissions: ClassVar[dict[str, str]] = {"content": "organisation.view_attachment"}
    http_method_names = ("get", "post", "delete", "head", "options")

    def visible_to(self, principal: Principal) -> Any:
        return selectors.attachments_visible_to(principal)

    @extend_schema(
        request={"multipart/form-data": UploadSerializer}, responses={201: AttachmentSerializer}
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Upload a file (at most 25 MiB) and fasten it to a row one may change."""
        given = UploadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        with transaction():
            row = services.attach(
                subject_type=data["subject_type"],
                subject_id=self._subject(data["subject_type"], data["subject"]),
                file=data["file"],
            )
            return self.answer(row, status_code=status.HTTP_201_CREATED)

    def _subject(self, label: str, sqid: str) -> int:
        known = services.subjects()
        if label not in known:
            raise InvalidInput(
                f"Files cannot be fastened to {label[:60]!r}; possible: {', '.join(known)}.",
                field="subject_type",
            )
        key = ids.decode(label, sqid)
        if not known[label].visible_to(self.principal).filter(pk=key).exists():
            raise NotFound(f"There is no {label.partition('.')[2]} with the id {sqid!r}.")
        self._refuse_onlookers(label)
        return key

    def _refuse_onlookers(self, label: str) -> None:
        subject = services.subjects()[label]
        if not subject.is_changed_by(self.principal):
            needed = " or ".join(subject.change)
            raise Forbidden(
                f"You may look at this {label.partition('.')[2]} and not change its files: ask an"
                f" administrator for a role with the permission {needed}.",
                permission=needed,
            )

    def deactivate_row(self, row: Attachment) -> None:
        self._refuse_onlookers(row.subject_type)
        super().deactivate_row(row)

    def restore_row(self, row: Attachment) -> None:
        self._refuse_onlookers(row.subject_type)
        super().restore_row(row)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="content", filter_backends=())
    def content(self, request: Request, sqid: str) -> FileResponse:
        """The bytes, always as a download: a browser never runs what somebody uploaded."""
        row = self.get_object()
        return FileResponse(
            services.open_attachment(row),
            as_attachment=True,
            filename=row.name,
            content_type=row.media_type,
        )
