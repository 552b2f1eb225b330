"""The roles there are."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import Group
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.kernel.api.permissions import AUTHENTICATED
from lodestock.kernel.api.views import ApiView


class RoleSerializer(serializers.Serializer[Any]):
    """A role and what it lets somebody do."""

    name = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())


class RolesView(ApiView):
    """Every role with its permissions."""

    permissions: ClassVar[dict[str, str]] = {"get": AUTHENTICATED}

    @extend_schema(responses=RoleSerializer(many=True), tags=["roles"])
    def get(self, request: Request) -> Response:
        groups = Group.objects.prefetch_related("permissions__content_type").order_by("name")
        rows = [{"name": group.name, "permissions": _names(group)} for group in groups]
        return Response(RoleSerializer(rows, many=True).data)


def _names(group: Group) -> list[str]:
    found = group.permissions.all()
    return sorted(f"{p.content_type.app_label}.{p.codename}" for p in found)
