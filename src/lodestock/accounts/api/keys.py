"""API keys and scope grants."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.accounts import selectors, services
from lodestock.accounts.errors import CannotRaiseOwnRights
from lodestock.accounts.models import ApiKey, ScopeGrant, User
from lodestock.accounts.permissions import CHANGE_USERS
from lodestock.kernel import ids
from lodestock.kernel.api.fields import SQID_SCHEMA, SqidRelatedField
from lodestock.kernel.api.filters import RecordFilterSet
from lodestock.kernel.api.serializers import RecordSerializer
from lodestock.kernel.api.viewsets import RecordViewSet
from lodestock.kernel.db import transaction
from lodestock.kernel.principals import Principal


class ApiKeySerializer(RecordSerializer):
    """A key, without its secret."""

    user = SqidRelatedField(queryset=User.objects.all(), required=False)
    permissions = serializers.ListField(
        child=serializers.RegexField(r"^[a-z_]+\.[a-z_*]+$", max_length=120), required=False
    )

    class Meta:
        model = ApiKey
        fields: tuple[str, ...] = (
            "sqid",
            "user",
            "name",
            "prefix",
            "permissions",
            "read_only",
            "expires_at",
            "last_used_on",
            "active",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("prefix", "last_used_on", "active")


class IssuedKeySerializer(ApiKeySerializer):
    """A new key with its ``secret``: shown this once, null when the request is repeated."""

    secret = serializers.CharField(read_only=True, allow_null=True)

    class Meta(ApiKeySerializer.Meta):
        fields = (*ApiKeySerializer.Meta.fields, "secret")


class ApiKeyFilterSet(RecordFilterSet):
    expires_before = django_filters.IsoDateTimeFilter("expires_at", lookup_expr="lt")

    class Meta:
        model = ApiKey
        fields = ("user", "read_only", "prefix")


class ApiKeyViewSet(RecordViewSet[ApiKey]):
    """Keys for machines. Deleting one revokes it."""

    model = ApiKey
    serializer_class = ApiKeySerializer
    serializers = {"create": IssuedKeySerializer}
    filterset_class = ApiKeyFilterSet
    ordering_fields = ("name", "created_at", "last_used_on", "expires_at")
    search_fields = ("name", "prefix")
    secret_fields = ("secret",)

    def visible_to(self, principal: Principal) -> Any:
        return selectors.api_keys_visible_to(principal)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a key for oneself or, when managing users, for somebody else."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        user = data.pop("user", request.user)
        if user != request.user and not self.principal.may(CHANGE_USERS):
            raise CannotRaiseOwnRights("You may make keys only for yourself.")
        if user.is_superuser and user != request.user:
            raise CannotRaiseOwnRights("Only a superuser makes keys for a superuser: themselves.")
        with transaction():
            issued = services.issue_api_key(user=user, **data)
        answer = self.answer(issued.key, status_code=status.HTTP_201_CREATED)
        answer.data["secret"] = issued.secret
        return answer

    def change_row(self, row: ApiKey, serializer: Any) -> ApiKey:
        if "user" in serializer.validated_data:
            raise CannotRaiseOwnRights("A key stays with its user: make another one.")
        saved: ApiKey = serializer.save()
        return saved


@extend_schema_field(SQID_SCHEMA)
class ScopeObjectField(serializers.Field[Any, Any, Any, Any]):
    """The public id of a department, warehouse …; which model it is depends on ``kind``."""

    def get_attribute(self, instance: ScopeGrant) -> Any:
        return instance

    def to_representation(self, grant: ScopeGrant) -> str | None:
        kind = services.scope_kinds().get(grant.kind)
        return ids.encode(kind.label, grant.object_id) if kind else None

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("A public id is needed.")
        return data


class ScopeGrantSerializer(RecordSerializer):
    """``user`` may work in ``object``, which is a department, warehouse … by ``kind``."""

    user = SqidRelatedField(queryset=User.objects.all())
    object = ScopeObjectField()

    class Meta:
        model = ScopeGrant
        fields = ("sqid", "user", "kind", "object", "active", "created_at", "updated_at")
        read_only_fields = ("active",)


class ScopeGrantFilterSet(RecordFilterSet):
    class Meta:
        model = ScopeGrant
        fields = ("user", "kind")


class ScopeGrantViewSet(RecordViewSet[ScopeGrant]):
    """Where people may work besides their own department. Deleting a grant takes it back."""

    model = ScopeGrant
    serializer_class = ScopeGrantSerializer
    filterset_class = ScopeGrantFilterSet
    ordering_fields = ("kind", "created_at")
    search_fields = ("user__username", "kind")
    http_method_names = ("get", "post", "delete", "head", "options")

    def visible_to(self, principal: Principal) -> Any:
        return selectors.scope_grants_visible_to(principal)

    def create_row(self, serializer: Any) -> ScopeGrant:
        data = serializer.validated_data
        kind = services.scope_kind(data["kind"])
        return services.grant_scope(
            user=data["user"], kind=kind.kind, object_id=ids.decode(kind.label, data["object"])
        )
