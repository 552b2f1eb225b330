"""JSON web tokens: obtained, used, renewed once, revoked (requirement C-06)."""

from __future__ import annotations

import threading
from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connections
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from lodestock.accounts import services
from lodestock.accounts.tests.factories import PASSWORD, a_user
from lodestock.accounts.types import Role


@pytest.fixture(autouse=True)
def fresh_throttles() -> None:
    cache.clear()


@pytest.fixture
def anna(db):
    return a_user("anna", Role.PICKER)


@pytest.fixture
def client() -> APIClient:
    return APIClient()


def obtain(client: APIClient, username: str = "anna", password: str = PASSWORD):
    return client.post("/api/v1/auth/token", {"username": username, "password": password})


def me(client: APIClient, access: str):
    return client.get("/api/v1/me", headers={"Authorization": f"Bearer {access}"})


def refresh(client: APIClient, token: str):
    return client.post("/api/v1/auth/token/refresh", {"refresh": token})


def test_a_token_stands_for_its_user_and_makes_no_session(anna, client):
    pair = obtain(client).json()
    assert me(client, pair["access"]).json()["username"] == "anna"
    assert Session.objects.count() == 0
    assert not client.cookies


def test_the_name_is_read_without_regard_to_case(anna, client):
    assert obtain(client, "ANNA").status_code == 200


def test_a_token_carries_the_public_id_and_no_key(anna, client):
    claims = jwt.decode(obtain(client).json()["access"], options={"verify_signature": False})
    assert claims["sub"] == anna.sqid
    assert anna.pk not in claims.values()
    assert str(anna.pk) not in claims.values()


@pytest.mark.parametrize(
    ("username", "password"), [("anna", "wrong"), ("nobody", PASSWORD), ("anna", "")]
)
def test_wrong_credentials_are_refused_alike(anna, client, username, password):
    answer = obtain(client, username, password)
    assert answer.status_code in {400, 401}
    if password:
        assert answer.json()["code"] == "wrong_credentials"


def test_a_closed_account_gets_no_token(anna, client):
    services.deactivate_user(user=anna)
    assert obtain(client).status_code == 401


def test_an_expired_token_is_refused(anna, client):
    token = AccessToken.for_user(anna)
    token.set_exp(lifetime=-timedelta(seconds=1))
    assert me(client, str(token)).status_code == 401


def test_a_token_that_was_tampered_with_is_refused(anna, client):
    head, body, signature = obtain(client).json()["access"].split(".")
    assert me(client, f"{head}.{body}.{signature[::-1]}").status_code == 401


def test_a_token_signed_by_nobody_is_refused(anna, client):
    claims = AccessToken.for_user(anna).payload
    assert me(client, jwt.encode(claims, key="", algorithm="none")).status_code == 401


def test_a_refresh_token_is_no_access_token(anna, client):
    assert me(client, obtain(client).json()["refresh"]).status_code == 401


def test_a_refresh_token_works_once(anna, client):
    first = obtain(client).json()["refresh"]
    second = refresh(client, first).json()
    assert me(client, second["access"]).status_code == 200
    assert refresh(client, first).status_code == 401
    assert refresh(client, second["refresh"]).status_code == 200


def test_a_revoked_refresh_token_is_refused(anna, client):
    token = obtain(client).json()["refresh"]
    assert client.post("/api/v1/auth/token/revoke", {"refresh": token}).status_code == 204
    assert refresh(client, token).status_code == 401
    assert client.post("/api/v1/auth/token/verify", {"token": token}).status_code == 401


def test_an_expired_refresh_token_is_refused(anna, client):
    token = RefreshToken.for_user(anna)
    token.set_exp(lifetime=-timedelta(seconds=1))
    assert refresh(client, str(token)).status_code == 401


def test_verify_knows_good_tokens_from_bad_ones(anna, client):
    pair = obtain(client).json()
    for token, status in [(pair["access"], 204), (pair["refresh"], 204), ("a.b.c", 401)]:
        assert client.post("/api/v1/auth/token/verify", {"token": token}).status_code == status


def test_a_new_password_ends_every_token(anna, client):
    pair = obtain(client).json()
    services.set_password(user=anna, password="another long phrase")
    assert me(client, pair["access"]).status_code == 401
    assert refresh(client, pair["refresh"]).status_code == 401


def test_a_closed_account_ends_every_token(anna, client):
    pair = obtain(client).json()
    services.deactivate_user(user=anna)
    assert me(client, pair["access"]).status_code == 401
    assert refresh(client, pair["refresh"]).status_code == 401


def test_rotating_the_signing_key_signs_nobody_out(anna, client, settings):
    old = obtain(client).json()["access"]
    settings.JWT_VERIFYING_KEYS = ["a new key of sufficient length", *settings.JWT_VERIFYING_KEYS]
    assert me(client, old).status_code == 200
    settings.JWT_VERIFYING_KEYS = ["a new key of sufficient length"]
    assert me(client, old).status_code == 401


def test_tokens_live_as_long_as_the_settings_say(anna, client):
    claims = jwt.decode(obtain(client).json()["access"], options={"verify_signature": False})
    lifetime = settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"].total_seconds()
    assert claims["exp"] - claims["iat"] == lifetime


def test_of_two_simultaneous_renewals_one_is_refused(committing_db):
    a_user("anna", Role.PICKER)
    token = obtain(APIClient()).json()["refresh"]
    barrier, answers = threading.Barrier(2), []

    def renew() -> None:
        try:
            barrier.wait(10)
            answers.append(refresh(APIClient(), token).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=renew) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == [200, 401]
