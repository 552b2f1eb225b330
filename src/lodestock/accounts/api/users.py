"""Users, and the one who asks."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.contrib.auth.models import Group
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.accounts import selectors, services
from lodestock.accounts.errors import CannotRaiseOwnRights
from lodestock.accounts.models import User
from lodestock.accounts.principals import UserPrincipal
from lodestock.kernel import ids
from lodestock.kernel.api.filters import RecordFilterSet
from lodestock.kernel.api.permissions import AUTHENTICATED
from lodestock.kernel.api.serializers import RecordSerializer, StrictSerializer
from lodestock.kernel.api.views import ApiView
from lodestock.kernel.api.viewsets import RecordViewSet
from lodestock.kernel.db import transaction
from lodestock.kernel.principals import Principal


class UserSerializer(RecordSerializer):
    """A user. ``roles`` are group names; ``password`` is written only."""

    roles = serializers.SlugRelatedField(
        slug_field="name", many=True, source="groups", queryset=Group.objects.all(), required=False
    )
    requested_role = serializers.SlugRelatedField(
        slug_field="name",
        source="requested_group",
        queryset=Group.objects.all(),
        required=False,
        allow_null=True,
    )
    password = serializers.CharField(
        write_only=True, required=False, max_length=1024, trim_whitespace=False
    )

    class Meta:
        model = User
        fields = (
            "sqid",
            "username",
            "email",
            "full_name",
            "kind",
            "locale",
            "theme",
            "department",
            "roles",
            "requested_role",
            "is_staff",
            "is_superuser",
            "password",
            "active",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("is_staff", "is_superuser", "active")


class UserFilterSet(RecordFilterSet):
    """``role`` is a role's name, e.g. ``Picker``."""

    role = django_filters.CharFilter("groups__name")

    class Meta:
        model = User
        fields = ("username", "email", "kind", "department")


class UserViewSet(RecordViewSet[User]):
    """People and machines. Without the permission to manage users, one sees oneself."""

    model = User
    serializer_class = UserSerializer
    filterset_class = UserFilterSet
    ordering_fields = ("username", "full_name", "created_at", "updated_at")
    ordering = ("username",)
    search_fields = ("username", "full_name", "email")

    def visible_to(self, principal: Principal) -> Any:
        return selectors.users_visible_to(principal)

    def create_row(self, serializer: Any) -> User:
        data = serializer.validated_data
        roles = [group.name for group in data.pop("groups", ())]
        return services.create_user(roles=roles, **data)

    def change_row(self, row: User, serializer: Any) -> User:
        data = serializer.validated_data
        groups, password = data.pop("groups", None), data.pop("password", None)
        if groups is not None:
            if row.pk == self.principal.actor_id:
                raise CannotRaiseOwnRights("You cannot change your own roles: ask a colleague.")
            services.set_roles(user=row, roles=[group.name for group in groups])
        if password is not None:
            services.set_password(user=row, password=password)
        saved: User = serializer.save()
        return saved

    def deactivate_row(self, row: User) -> None:
        services.deactivate_user(user=row)

    def restore_row(self, row: User) -> None:
        services.restore_user(user=row)


class MeSerializer(RecordSerializer):
    """The one who asks: what they are, may do, and where."""

    roles: Any = serializers.SlugRelatedField(
        slug_field="name", many=True, source="groups", read_only=True
    )
    permissions = serializers.SerializerMethodField()
    departments = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = (
            "sqid",
            "username",
            "email",
            "full_name",
            "kind",
            "locale",
            "theme",
            "department",
            "roles",
            "is_staff",
            "is_superuser",
            "permissions",
            "departments",
        )
        read_only_fields = ("username", "kind", "department", "is_staff", "is_superuser")

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_permissions(self, user: User) -> list[str]:
        return sorted(UserPrincipal(user).rights.permissions)

    @extend_schema_field({"type": ["array", "null"], "items": {"type": "string"}})
    def get_departments(self, user: User) -> list[str] | None:
        """Sqids; null for everywhere."""
        allowed = UserPrincipal(user).within("department")
        if allowed is None:
            return None
        return [ids.encode("organisation.department", pk) for pk in sorted(allowed)]


class PasswordChangeSerializer(StrictSerializer):
    """The present and the new password."""

    present_password = serializers.CharField(max_length=1024, trim_whitespace=False)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)


class MeView(ApiView):
    """Oneself."""

    permissions: ClassVar[dict[str, str]] = {"get": AUTHENTICATED, "patch": AUTHENTICATED}

    @extend_schema(responses=MeSerializer, tags=["me"])
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)

    @extend_schema(request=MeSerializer, responses=MeSerializer, tags=["me"])
    def patch(self, request: Request) -> Response:
        """Change name, email, language or theme."""
        given = MeSerializer(request.user, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        with transaction():
            given.save()
        return Response(MeSerializer(request.user).data)


class MyPasswordView(ApiView):
    """Change one's own password; other devices must sign in again."""

    permissions: ClassVar[dict[str, str]] = {"post": AUTHENTICATED}

    @extend_schema(request=PasswordChangeSerializer, responses={204: None}, tags=["me"])
    def post(self, request: Request) -> Response:
        given = PasswordChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        assert isinstance(request.user, User)
        services.change_password(
            user=request.user, present=data["present_password"], password=data["password"]
        )
        return Response(status=status.HTTP_204_NO_CONTENT)
