"""How cases look over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lodestock.attention.domain import Resolution
from lodestock.attention.models import ExceptionCase
from lodestock.attention.selectors import subject_of
from lodestock.kernel.api.fields import SqidField, StatusChoiceField
from lodestock.kernel.api.serializers import RecordSerializer, StrictSerializer


class SubjectSerializer(serializers.Serializer[Any]):
    """What a case is about: the label of a model and the public id of the row."""

    type = serializers.CharField()
    sqid = serializers.CharField(allow_null=True)


class ExceptionCaseSerializer(RecordSerializer):
    """A case; ``count`` says how often the rule has seen it."""

    subject = serializers.SerializerMethodField()

    class Meta:
        model = ExceptionCase
        fields = (
            "sqid",
            "rule",
            "type",
            "severity",
            "status",
            "subject",
            "site",
            "title",
            "evidence",
            "first_seen",
            "last_seen",
            "count",
            "owner",
            "resolution",
            "resolution_note",
            "closed_at",
            "active",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, case: ExceptionCase) -> dict[str, str | None]:
        """See :class:`SubjectSerializer`."""
        return subject_of(case)


class ResolveBody(StrictSerializer):
    """How the case ended."""

    resolution = StatusChoiceField(choices=[(one.value, one.value) for one in Resolution])
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class AssignBody(StrictSerializer):
    """Who becomes responsible; null for nobody."""

    owner = SqidField("accounts.user", allow_null=True)
