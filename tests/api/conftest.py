"""Clients for the API tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from lodestock.accounts.models import User
from lodestock.accounts.services import create_user

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def fresh_throttles() -> None:
    """Allowances are counted in the cache, which outlives a test's database."""
    cache.clear()


@pytest.fixture
def database(db: None) -> None:
    """The database of the test; modules over all lists replace it by the stocked one."""


@pytest.fixture
def superuser(database: None) -> User:
    return User.objects.create_superuser("owner", "owner@example.com", PASSWORD)


@pytest.fixture
def api(superuser: User) -> APIClient:
    """A client to which nothing is refused."""
    client = APIClient()
    client.force_authenticate(superuser)
    return client


@pytest.fixture
def client_of(database: None) -> Callable[..., APIClient]:
    """``client_of("Picker")``: a client of a new user with these roles."""

    def make(*roles: str, **fields: Any) -> APIClient:
        name = "-".join(roles).lower().replace(" ", "-") or "nobody"
        user = create_user(username=name, password=PASSWORD, roles=roles, **fields)
        client = APIClient()
        client.force_authenticate(user)
        return client

    return make


@pytest.fixture
def anonymous(database: None) -> APIClient:
    return APIClient()
