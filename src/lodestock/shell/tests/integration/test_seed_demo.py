"""The demo company, loaded into a database."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from lodestock.kernel import clock
from lodestock.shell.demo.load import weeks

SMALL = ("--scale", "0.1", "--seed", "5")


def seed(*arguments: str) -> dict[str, Any]:
    answer = StringIO()
    call_command("seed_demo", *arguments, "--json", stdout=answer)
    told: dict[str, Any] = json.loads(answer.getvalue())
    return told


def rows() -> dict[str, int]:
    labels = ("inventory.Movement", "sales.SalesOrder", "purchasing.Receipt", "eventstore.Event")
    return {label: apps.get_model(label).objects.count() for label in labels}


def break_off_in_week(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, calls = weeks.selling.take_back, []

    def breaks(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) == number:
            raise RuntimeError("somebody pulled the plug")
        whole(*arguments)

    monkeypatch.setattr(weeks.selling, "take_back", breaks)


@pytest.mark.usefixtures("committing_db")
def test_the_demo_survives_a_break_is_loaded_once_verifies_and_lets_people_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    yesterday = clock.today("Europe/Berlin") - timedelta(days=1)
    with monkeypatch.context() as patch:
        break_off_in_week(3, patch)
        with pytest.raises(CommandError, match="pulled the plug"):
            seed(*SMALL, "--today", yesterday.isoformat())
    interrupted = rows()
    assert interrupted["sales.SalesOrder"] > 0

    # Resumed on another day: the plan is the one it was begun with.
    told = seed(*SMALL)
    assert told["ok"]
    assert not told["replayed"]
    assert told["ledger"]["movements"] > interrupted["inventory.Movement"] > 0
    assert told["stopped"]["field"] == "ordered_at"
    assert told["stopped"]["applied"] == 0
    explained = told["explained"]
    assert explained["lines"][-1]["balance"] == explained["on_hand"]
    before = rows()

    again = seed(*SMALL)
    assert again["replayed"]
    assert rows() == before
    assert again["figures"] == told["figures"]

    login = told["logins"][0]
    assert authenticate(username=login["username"], password=login["password"]) is not None
    assert "Quillbrook Cycle Supply" in Client().get("/").content.decode()
    with pytest.raises(CommandError, match="seed 5"):
        call_command("seed_demo", "--seed", "6")


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2001-01-01", "2999-01-01"])
def test_a_day_that_cannot_be_is_refused(day: str) -> None:
    with pytest.raises(CommandError, match="must lie between"):
        call_command("seed_demo", "--today", day)


def test_it_is_refused_where_the_program_runs_in_earnest() -> None:
    with (
        override_settings(SETTINGS_MODULE="lodestock.config.settings.prod"),
        pytest.raises(CommandError, match="known to everybody"),
    ):
        call_command("seed_demo")
