"""The back office of accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from lodestock.kernel.admin import ReadOnlyAdmin, RecordAdmin
from lodestock.kernel.context import acting
from lodestock.kernel.db import transaction

from .models import ApiKey, ScopeGrant, SeededGrant, User
from .services.api_keys import issue_api_key

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(RecordAdmin, DjangoUserAdmin):
    """People and machines, their roles and passwords."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "email", "kind", "department", "is_staff", "active")
    list_filter = ("active", "kind", "is_staff", "is_superuser", "groups", "department")
    list_select_related = ("department",)
    search_fields = ("username", "full_name", "email")
    ordering = ("username",)
    readonly_fields = ("created_at", "updated_at", "last_login")  # type: ignore[misc]
    fieldsets = (
        (None, {"fields": ("username", "password", "kind", "active")}),
        ("Person", {"fields": ("full_name", "email", "locale", "theme", "department")}),
        (
            "Rights",
            {
                "fields": (
                    "groups",
                    "requested_group",
                    "is_staff",
                    "is_superuser",
                    "user_permissions",
                )
            },
        ),
        ("Times", {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "email", "full_name", "password1", "password2")}),
    )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Roles change in the name of whoever changes them."""
        with acting(actor_id=request.user.pk, reason="back office"), transaction():
            super().save_related(request, form, formsets, change)


@admin.register(Group)
class RoleAdmin(DjangoGroupAdmin, ModelAdmin):
    """Roles and what they permit."""

    list_filter = ("permissions__content_type__app_label",)
    search_fields = ("name",)


@admin.register(ApiKey)
class ApiKeyAdmin(RecordAdmin):
    """Keys for machines; the secret is shown once, when the key is made."""

    list_display = ("name", "prefix", "user", "read_only", "expires_at", "last_used_on", "active")
    list_filter = ("active", "read_only")
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__username")
    fields = ("user", "name", "permissions", "read_only", "expires_at", "active")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        names = ("user", "name", "permissions", "read_only", "expires_at")
        with acting(actor_id=request.user.pk, reason="back office"):
            issued = issue_api_key(**{name: getattr(obj, name) for name in names})
        obj.pk = issued.key.pk
        messages.warning(request, f"Copy the key now, it is not shown again: {issued.secret}")


@admin.register(ScopeGrant)
class ScopeGrantAdmin(RecordAdmin):
    list_display = ("user", "kind", "object_id", "active", "created_at")
    list_filter = ("active", "kind")
    list_select_related = ("user",)
    search_fields = ("user__username", "kind")


@admin.register(SeededGrant)
class SeededGrantAdmin(ReadOnlyAdmin):
    list_display = ("role", "permission")
    list_filter = ("role",)
    search_fields = ("role", "permission")
