"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from . import openapi, signing_in  # noqa: F401 - openapi registers itself
from .keys import ApiKeyViewSet, ScopeGrantViewSet
from .roles import RolesView
from .users import MeView, MyPasswordView, UserViewSet

routes = [
    ("users", UserViewSet),
    ("api-keys", ApiKeyViewSet),
    ("scope-grants", ScopeGrantViewSet),
]

urlpatterns = [
    path("auth/login", signing_in.LoginView.as_view(), name="login"),
    path("auth/logout", signing_in.LogoutView.as_view(), name="logout"),
    path("auth/csrf", signing_in.CsrfView.as_view(), name="csrf"),
    path("auth/token", signing_in.TokenView.as_view(), name="token"),
    path("auth/token/refresh", signing_in.RefreshView.as_view(), name="token-refresh"),
    path("auth/token/verify", signing_in.VerifyView.as_view(), name="token-verify"),
    path("auth/token/revoke", signing_in.RevokeView.as_view(), name="token-revoke"),
    path("me", MeView.as_view(), name="me"),
    path("me/password", MyPasswordView.as_view(), name="my-password"),
    path("roles", RolesView.as_view(), name="roles"),
]
