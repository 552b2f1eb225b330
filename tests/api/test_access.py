"""Who may do what, over every address of the API."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.urls import get_resolver
from rest_framework.permissions import AllowAny
from rest_framework.test import APIClient
from tests.api.resources import RESOURCES, actions

from lodestock.accounts.principals import UserPrincipal, is_reading
from lodestock.accounts.services import create_user
from lodestock.accounts.types import Role
from lodestock.kernel.api.permissions import AUTHENTICATED

TABLE = Path(__file__).with_name("role_matrix.txt")
ACTIONS = list(actions())


every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=str)


def endpoints(resource) -> list[tuple[str, str]]:
    """Every (method, address) of a resource, with the id of no row."""
    found = {(m, path.replace("{sqid}", "zzzzzz")) for r, _, m, path in ACTIONS if r is resource}
    return sorted(found)


def needed(resource, action: str) -> str:
    view = resource.viewset()
    view.action = action
    return view.permission_needed()


@pytest.fixture
def principals(db) -> dict[str, UserPrincipal]:
    return {
        role.value: UserPrincipal(create_user(username=role.name, roles=[role])) for role in Role
    }


def matrix(principals: dict[str, UserPrincipal]) -> str:
    """One line an endpoint: the roles that may use it."""
    lines = []
    for resource, action, _, _ in sorted(ACTIONS, key=lambda row: (row[0].name, row[1])):
        permission = needed(resource, action)
        allowed = [name for name, principal in principals.items() if principal.may(permission)]
        lines.append(f"{resource.name} {action}: {', '.join(allowed) or 'nobody'}")
    return "\n".join(lines) + "\n"


def test_every_role_may_do_exactly_what_the_table_says(principals):
    """After a change that is meant, run it once with LODESTOCK_WRITE_ROLE_MATRIX=1."""
    found = matrix(principals)
    if os.environ.get("LODESTOCK_WRITE_ROLE_MATRIX"):
        TABLE.write_text(found, encoding="utf-8")
    assert found == TABLE.read_text(encoding="utf-8")


def test_every_action_has_a_permission_that_somebody_can_be_given(db):
    known = {
        f"{app}.{code}"
        for app, code in Permission.objects.values_list("content_type__app_label", "codename")
    }
    missing = {f"{r.name} {a}": needed(r, a) for r, a, _, _ in ACTIONS if needed(r, a) not in known}
    missing = {name: code for name, code in missing.items() if code != AUTHENTICATED}
    assert not missing, "declare them in the room's permissions.py (GRANTS)"


@pytest.mark.parametrize("role", ["Auditor", "View Only"])
def test_who_only_looks_changes_nothing(principals, role):
    for resource, action, method, _ in ACTIONS:
        if method != "get":
            assert not principals[role].may(needed(resource, action)), (resource.name, action)


def test_an_auditor_changes_nothing_whatever_else_they_are(db):
    user = create_user(username="both", roles=[Role.AUDITOR, Role.FACTORY_ADMIN])
    principal = UserPrincipal(user)
    for resource, action, _, _ in ACTIONS:
        permission = needed(resource, action)
        assert principal.may(permission) == is_reading(permission), (resource.name, action)


def test_nobody_has_a_right_that_the_factory_admin_lacks(principals):
    for resource, action, _, _ in ACTIONS:
        permission = needed(resource, action)
        if any(principal.may(permission) for principal in principals.values()):
            assert principals["Factory Admin"].may(permission), permission


def test_a_user_without_a_role_may_nothing(db):
    principal = UserPrincipal(create_user(username="nobody"))
    assert not [a for r, a, _, _ in ACTIONS if principal.may(needed(r, a))]


def test_a_superuser_without_any_role_may_everything(superuser):
    principal = UserPrincipal(superuser)
    assert all(principal.may(needed(r, a)) for r, a, _, _ in ACTIONS)


@every_resource
def test_an_anonymous_caller_is_refused_at_every_endpoint(anonymous, resource):
    for method, path in endpoints(resource):
        answer = getattr(anonymous, method)(path)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["Content-Type"] == "application/problem+json"


@every_resource
def test_a_user_without_a_role_is_refused_at_every_endpoint(client_of, resource):
    client = client_of()
    for method, path in endpoints(resource):
        answer = getattr(client, method)(path)
        assert answer.status_code == 403, (method, path, answer.content)


def plain_addresses() -> list[tuple[str, type]]:
    """Addresses of version 1 that are no viewset's."""
    found = []
    for pattern in get_resolver("lodestock.config.urls").url_patterns:
        if str(pattern.pattern) == "api/":
            v1 = next(p for p in pattern.url_patterns if getattr(p, "namespace", "") == "v1")
            for inner in v1.url_patterns:
                view = getattr(inner.callback, "cls", None)
                if view is not None and not hasattr(inner.callback, "actions"):
                    found.append((str(inner.pattern), view))
    return found


def test_what_is_open_to_everybody_is_a_short_list():
    opened = sorted(path for path, view in plain_addresses() if AllowAny in view.permission_classes)
    assert opened == [
        "auth/csrf",
        "auth/login",
        "auth/token",
        "auth/token/refresh",
        "auth/token/revoke",
        "auth/token/verify",
        "problems",
        "problems/<slug:code>",
    ]


@pytest.mark.parametrize(
    "path",
    sorted(path for path, view in plain_addresses() if AllowAny not in view.permission_classes),
)
def test_a_plain_address_refuses_the_anonymous(anonymous, path):
    methods = [name for name in ("get", "post", "patch", "delete") if hasattr(_view(path), name)]
    assert methods
    for method in methods:
        address = "/api/v1/" + path.replace("<slug:code>", "x").replace("<str:sqid>", "zzzzzz")
        assert getattr(anonymous, method)(address).status_code in {401, 403}


def _view(path: str) -> type:
    return dict(plain_addresses())[path]


def test_every_viewset_says_what_is_visible():
    for resource in RESOURCES:
        assert "visible_to" in {
            name
            for kind in resource.viewset.__mro__[:-1]
            for name in vars(kind)
            if kind.__module__ != "lodestock.kernel.api.viewsets"
        }, resource.name


def test_a_deactivated_user_is_shut_out_at_once(client_of):
    client: APIClient = client_of("Factory Admin")
    user = client.handler._force_user
    user.active = False
    assert client.get("/api/v1/sites").status_code == 403
