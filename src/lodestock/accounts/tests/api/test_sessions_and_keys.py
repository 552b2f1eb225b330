"""Browsers by cookie, machines by key, and what keeps guessers out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from lodestock.accounts import services
from lodestock.accounts.models import ApiKey
from lodestock.accounts.tests.factories import PASSWORD, a_superuser, a_user
from lodestock.accounts.types import Role
from lodestock.kernel import clock


@pytest.fixture(autouse=True)
def fresh_throttles() -> None:
    cache.clear()


@pytest.fixture
def anna(db):
    return a_user("anna", Role.FACTORY_ADMIN)


@pytest.fixture
def browser() -> APIClient:
    return APIClient(enforce_csrf_checks=True)


def sign_in(browser: APIClient, password: str = PASSWORD):
    return browser.post("/api/v1/auth/login", {"username": "anna", "password": password})


def test_a_browser_signs_in_and_out(anna, browser):
    signed_in = sign_in(browser)
    assert signed_in.json()["roles"] == ["Factory Admin"]
    assert browser.get("/api/v1/me").status_code == 200
    token = signed_in.json()["csrf_token"]
    out = browser.post("/api/v1/auth/logout", headers={"X-CSRFToken": token})
    assert out.status_code == 204
    assert browser.get("/api/v1/me").status_code == 401


def test_an_unsafe_request_of_a_browser_needs_the_csrf_token(anna, browser):
    token = sign_in(browser).json()["csrf_token"]
    body = {"code": "N", "name": "Night"}
    assert browser.post("/api/v1/calendars", body).status_code == 403
    with_token = browser.post("/api/v1/calendars", body, headers={"X-CSRFToken": token})
    assert with_token.status_code == 201


def test_signing_in_makes_a_new_session_key(anna, browser):
    browser.get("/api/v1/auth/csrf")
    before = browser.cookies.get("sessionid")
    sign_in(browser)
    assert browser.cookies["sessionid"].value != (before.value if before else "")


def test_the_session_cookie_is_out_of_reach_of_scripts(anna, browser):
    sign_in(browser)
    assert browser.cookies["sessionid"]["httponly"]
    assert browser.cookies["sessionid"]["samesite"] == "Lax"


def test_too_many_wrong_passwords_lock_the_account_for_that_address(anna, browser, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    answers = [sign_in(browser, "wrong password").status_code for _ in range(4)]
    assert answers[:2] == [401, 401]
    locked = sign_in(browser)
    assert locked.status_code == 429
    assert locked.json()["code"] == "locked_out"
    assert int(locked.headers["Retry-After"]) > 0
    elsewhere = APIClient(REMOTE_ADDR="10.1.2.3")
    assert sign_in(elsewhere).status_code == 200


def test_attempts_to_sign_in_are_throttled_by_address(anna, browser, monkeypatch):
    monkeypatch.setattr(
        "lodestock.kernel.api.throttles.LoginThrottle.get_rate", lambda self: "3/min"
    )
    answers = [sign_in(browser).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_each_principal_has_an_allowance_of_its_own(anna, monkeypatch):
    monkeypatch.setattr(
        "lodestock.kernel.api.throttles.PrincipalThrottle.get_rate", lambda self: "2/min"
    )
    clients = []
    for name in ("bert", "cleo"):
        clients.append(APIClient())
        clients[-1].force_authenticate(a_user(name, Role.VIEW_ONLY))
    assert [clients[0].get("/api/v1/sites").status_code for _ in range(3)] == [200, 200, 429]
    throttled = clients[0].get("/api/v1/sites")
    assert throttled.json()["code"] == "throttled"
    assert int(throttled.headers["Retry-After"]) >= 1
    assert clients[1].get("/api/v1/sites").status_code == 200


def key_of(**fields) -> str:
    robot = a_user("robot", Role.FACTORY_ADMIN, kind="machine")
    return services.issue_api_key(user=robot, name="scanner", **fields).secret


def ask(secret: str, method: str = "get", path: str = "/api/v1/calendars", **kwargs):
    return getattr(APIClient(), method)(path, headers={"X-API-Key": secret}, **kwargs)


def test_a_machine_signs_in_with_its_key(db):
    secret = key_of()
    assert ask(secret).status_code == 200
    by_header = APIClient().get("/api/v1/me", headers={"Authorization": f"Api-Key {secret}"})
    assert by_header.json()["username"] == "robot"


def test_only_a_hash_of_the_key_is_kept(db):
    secret = key_of()
    row = ApiKey.objects.get()
    assert secret not in str(vars(row))
    assert row.prefix in secret
    assert "key_hash" not in {name for entry in row.history() for name in entry.changes}


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: "lsk_", lambda s: s.upper()])
def test_a_wrong_key_is_refused(db, spoil):
    answer = ask(spoil(key_of()))
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_api_key"


def test_a_revoked_key_is_refused(db):
    secret = key_of()
    services.revoke_api_key(key=ApiKey.objects.get())
    assert ask(secret).status_code == 401


def test_an_expired_key_is_refused(db):
    secret = key_of(expires_at=clock.now() + timedelta(minutes=1))
    assert ask(secret).status_code == 200
    ApiKey.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert ask(secret).status_code == 401


def test_the_key_of_a_closed_account_is_refused(db):
    secret = key_of()
    services.deactivate_user(user=ApiKey.objects.get().user)
    assert ask(secret).status_code == 401


def test_a_read_only_key_changes_nothing(db):
    secret = key_of(read_only=True)
    assert ask(secret).status_code == 200
    assert ask(secret, "post", data={"code": "A", "name": "A"}).status_code == 403


def test_a_key_reaches_no_further_than_its_patterns(db):
    secret = key_of(permissions=["organisation.view_*"])
    assert ask(secret).status_code == 200
    assert ask(secret, path="/api/v1/users").status_code == 403
    assert ask(secret, "post", data={"code": "A", "name": "A"}).status_code == 403


def test_the_use_of_a_key_is_noted_by_the_day_without_history(db):
    secret = key_of()
    before = ApiKey.objects.get().history().count()
    for _ in range(3):
        ask(secret)
    key = ApiKey.objects.get()
    assert key.last_used_on == clock.today("UTC")
    assert key.history().count() == before


def test_what_a_machine_does_is_done_by_its_user(db):
    made = ask(key_of(), "post", data={"code": "A", "name": "A"}).json()
    entries = ask(key_of(), path=f"/api/v1/calendars/{made['sqid']}/history").json()["results"]
    assert entries[0]["actor"]["name"] == "robot"


def test_nobody_makes_a_key_for_a_superuser(anna):
    client = APIClient()
    client.force_authenticate(anna)
    body = {"name": "mine now", "user": a_superuser().sqid}
    assert client.post("/api/v1/api-keys", body).status_code == 403


def test_nobody_changes_their_own_roles(anna):
    client = APIClient()
    client.force_authenticate(anna)
    answer = client.patch(f"/api/v1/users/{anna.sqid}", {"roles": ["Finance"]})
    assert answer.json()["code"] == "cannot_raise_own_rights"


def test_nobody_becomes_a_superuser_through_the_api(anna):
    client = APIClient()
    client.force_authenticate(anna)
    bert = a_user("bert")
    client.patch(f"/api/v1/users/{bert.sqid}", {"is_superuser": True})
    client.patch("/api/v1/me", {"is_superuser": True})
    bert.refresh_from_db()
    anna.refresh_from_db()
    assert not bert.is_superuser
    assert not anna.is_superuser


def test_one_changes_ones_own_password_with_the_present_one(anna):
    client = APIClient()
    client.force_authenticate(anna)
    change = {"present_password": PASSWORD, "password": "a wholly new phrase"}
    wrong = client.post("/api/v1/me/password", change | {"present_password": "guess"})
    assert wrong.json()["code"] == "wrong_password"
    weak = client.post("/api/v1/me/password", change | {"password": "12345678"})
    assert weak.json()["code"] == "weak_password"
    assert client.post("/api/v1/me/password", change).status_code == 204
    anna.refresh_from_db()
    assert anna.check_password("a wholly new phrase")


def test_one_sees_oneself_and_managers_see_everybody(anna):
    bert = a_user("bert", Role.PICKER)
    client = APIClient()
    client.force_authenticate(bert)
    assert client.get("/api/v1/users").status_code == 403
    assert client.get("/api/v1/me").json()["full_name"] == ""
    assert client.patch("/api/v1/me", {"theme": "dark"}).json()["theme"] == "dark"
    client.force_authenticate(anna)
    assert client.get("/api/v1/users").json()["count"] == 2


def test_the_roles_are_listed_with_what_they_permit(anna):
    client = APIClient()
    client.force_authenticate(anna)
    roles = {row["name"]: row["permissions"] for row in client.get("/api/v1/roles").json()}
    assert set(roles) >= {role.value for role in Role}
    assert "organisation.view_site" in roles["View Only"]
