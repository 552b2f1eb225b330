"""Sessions for browsers, tokens for programs; both from one name and password."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.tokens import RefreshToken, UntypedToken

from lodestock.accounts.models import User
from lodestock.accounts.tokens import is_revoked, rotate
from lodestock.kernel.api.permissions import AUTHENTICATED
from lodestock.kernel.api.serializers import NoBody, StrictSerializer
from lodestock.kernel.api.throttles import LoginThrottle, PrincipalThrottle
from lodestock.kernel.api.views import ApiView
from lodestock.kernel.db import transaction

from .users import MeSerializer


class CredentialsSerializer(StrictSerializer):
    """Name and password."""

    username = serializers.CharField(max_length=80)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)


class TokenPairSerializer(serializers.Serializer[Any]):
    """``access`` for requests (minutes), ``refresh`` for the next pair (days, once only)."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class RefreshSerializer(StrictSerializer):
    """A refresh token."""

    refresh = serializers.CharField(max_length=4096)


class TokenSerializer(StrictSerializer):
    """Any token of ours."""

    token = serializers.CharField(max_length=4096)


class CsrfSerializer(serializers.Serializer[Any]):
    """The token that unsafe requests of this browser carry in ``X-CSRFToken``."""

    csrf_token = serializers.CharField()


class _Open(ApiView):
    """Before anybody is known: no authentication, attempts counted by address."""

    permission_classes = (AllowAny,)
    authentication_classes: Any = ()
    throttle_classes: Any = (LoginThrottle,)

    def get_authenticate_header(self, request: Request) -> str:
        """Wrong credentials are answered with 401, which needs a challenge."""
        return 'Bearer realm="api"'


def _user_of(request: Request) -> User:
    """The user behind the credentials sent. Raises 401 for wrong ones."""
    given = CredentialsSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    inner: HttpRequest = request._request
    user = authenticate(inner, **given.validated_data)
    if not isinstance(user, User):
        raise AuthenticationFailed(
            "No active account has this name and password.", code="wrong_credentials"
        )
    return user


class LoginView(_Open):
    """Open a session for a browser; the answer is the user, the session is a cookie."""

    @extend_schema(request=CredentialsSerializer, responses=MeSerializer, tags=["auth"])
    def post(self, request: Request) -> Response:
        user = _user_of(request)
        login(request._request, user)
        request.user = user
        shown = MeSerializer(user, context={"request": request})
        return Response({**shown.data, "csrf_token": get_token(request._request)})


class LogoutView(ApiView):
    """End the session."""

    permissions: ClassVar[dict[str, str]] = {"post": AUTHENTICATED}
    keeps_answers = False

    @extend_schema(request=NoBody, responses={204: None}, tags=["auth"])
    def post(self, request: Request) -> Response:
        logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CsrfView(_Open):
    """The CSRF token of this browser, for its first unsafe request."""

    throttle_classes = (PrincipalThrottle,)

    @extend_schema(responses=CsrfSerializer, tags=["auth"])
    def get(self, request: Request) -> Response:
        return Response({"csrf_token": get_token(request._request)})


class TokenView(_Open):
    """A pair of tokens for name and password. No session is made."""

    @extend_schema(request=CredentialsSerializer, responses=TokenPairSerializer, tags=["auth"])
    def post(self, request: Request) -> Response:
        user = _user_of(request)
        with transaction():
            refresh = RefreshToken.for_user(user)
        return Response({"access": str(refresh.access_token), "refresh": str(refresh)})


class RefreshView(_Open):
    """A new pair for a refresh token, which is used up by it."""

    @extend_schema(request=RefreshSerializer, responses=TokenPairSerializer, tags=["auth"])
    def post(self, request: Request) -> Response:
        given = RefreshSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        access, refresh = rotate(given.validated_data["refresh"])
        return Response({"access": access, "refresh": refresh})


class VerifyView(_Open):
    """204 when a token is ours, in time and not revoked; else 401."""

    @extend_schema(request=TokenSerializer, responses={204: None}, tags=["auth"])
    def post(self, request: Request) -> Response:
        given = TokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            token = UntypedToken(given.validated_data["token"])
        except TokenError as error:
            raise InvalidToken(str(error)) from None
        if is_revoked(token):
            raise InvalidToken("Token is revoked")
        return Response(status=status.HTTP_204_NO_CONTENT)


class RevokeView(_Open):
    """Refuse a refresh token from now on."""

    @extend_schema(request=RefreshSerializer, responses={204: None}, tags=["auth"])
    def post(self, request: Request) -> Response:
        given = RefreshSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            RefreshToken(given.validated_data["refresh"]).blacklist()
        except TokenError as error:
            raise InvalidToken(str(error)) from None
        return Response(status=status.HTTP_204_NO_CONTENT)
