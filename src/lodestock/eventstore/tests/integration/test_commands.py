"""The commands of the room: what they print, and what they do."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from lodestock.eventstore import selectors
from lodestock.eventstore.models import Checkpoint
from lodestock.eventstore.subscriptions import Subscription
from lodestock.eventstore.testing import deliver_everything, sequence_everything
from lodestock.eventstore.tests.support import record

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> dict:
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1, "--json prints one object"
    return json.loads(lines[0])


@pytest.fixture
def board(subscribers):
    """A subscriber that fails while ``deaf``."""

    class Board:
        def __init__(self):
            self.deaf, self.heard = False, []

        def __call__(self, event):
            if self.deaf:
                raise RuntimeError("not now")
            self.heard.append(event.event_type)

    handler = Board()
    subscribers(Subscription("board", frozenset(), handler))
    return handler


def test_subscriptions_says_where_everyone_stands(board):
    record()
    sequence_everything()
    listed = run("subscriptions")
    assert listed["ok"]
    assert listed["subscriptions"][0] | {"behind_seconds": 0} == {
        "name": "board",
        "position": 0,
        "behind": 1,
        "behind_seconds": 0,
        "waiting": 0,
        "dead": 0,
    }


def test_parked_events_are_shown_and_retried_by_hand(board):
    board.deaf = True
    record("OrderCreated")
    deliver_everything()
    shown = run("subscriptions", "parked")
    assert not shown["ok"]
    assert shown["parked"][0]["error"] == "RuntimeError: not now"
    still = run("subscriptions", "retry", "board")
    assert still == {"ok": False, "recovered": 0, "still_parked": 1}
    board.deaf = False
    assert run("subscriptions", "retry") == {"ok": True, "recovered": 1, "still_parked": 0}
    assert board.heard == ["OrderCreated"]


def test_replay_delivers_the_past_again(board):
    record()
    record()
    deliver_everything()
    done = run("subscriptions", "replay", "board", "--from-position", "1")
    assert done == {"ok": True, "handled": 1, "effects": False}
    assert len(board.heard) == 3
    assert Checkpoint.objects.get().position == 2


def test_after_a_restore_everything_is_placed(board):
    record()
    done = run("sequence_events", "--after-restore")
    assert (done["ok"], done["placed"], done["unplaced"]) == (True, 1, 0)
    assert done["last_position"] == selectors.last_position() == 1


def test_event_schemas_says_whether_they_are_sound():
    assert run("event_schemas")["ok"]
