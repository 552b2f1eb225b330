"""The front page."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from lodestock.accounts.services import create_user, grant_scope
from lodestock.accounts.types import WAREHOUSE, Role
from lodestock.inventory.tests.factories import a_variant, a_warehouse, receive

pytestmark = pytest.mark.django_db


def test_a_stranger_sees_where_to_go_and_no_figures() -> None:
    answer = Client().get("/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "/admin/login/" in page
    assert 'class="figures"' not in page


def test_somebody_signed_in_sees_the_figures() -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ada", full_name="Ada Winterfeld"))
    page = client.get("/").content.decode()
    assert 'class="figures"' in page
    assert "Ada Winterfeld" in page
    assert "/admin/login/" not in page


def test_the_last_movements_are_for_those_who_work_everywhere() -> None:
    dock = a_warehouse()
    receive(a_variant("BX-204"), dock, 3)
    pages = {}
    for role in (Role.VIEW_ONLY, Role.DEPT_SK):
        user = create_user(username=role.name.lower(), roles=[role])
        grant_scope(user=user, kind=WAREHOUSE, object_id=a_warehouse().pk)
        client = Client()
        client.force_login(user)
        pages[role] = client.get("/").content.decode()
    assert "BX-204" in pages[Role.VIEW_ONLY]
    assert "BX-204" not in pages[Role.DEPT_SK]


def test_the_page_runs_no_script_and_loads_nothing_from_elsewhere() -> None:
    answer = Client().get("/")
    page = answer.content.decode()
    assert "<script" not in page
    assert " style=" not in page
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_page_is_cheap(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = Client()
    client.force_login(get_user_model().objects.create_user("ada"))
    with django_assert_max_num_queries(24):
        client.get("/")


def test_only_safe_methods_are_answered() -> None:
    assert Client().post("/").status_code == 405
    assert Client().head("/").status_code == 200
