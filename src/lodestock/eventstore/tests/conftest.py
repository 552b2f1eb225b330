"""Fixtures of the event log's tests."""

from __future__ import annotations

import pytest


@pytest.fixture
def no_subscribers(settings):
    """Only the log itself: no handlers, and payloads need no schema."""
    settings.EVENT_SUBSCRIPTIONS = ()
    settings.EVENT_SCHEMAS_CHECKED = False


@pytest.fixture
def subscribers(settings):
    """Listen with the given subscriptions only."""
    settings.EVENT_SCHEMAS_CHECKED = False
    settings.EVENT_SUBSCRIPTIONS = ()

    def listen(*listed):
        settings.EVENT_SUBSCRIPTIONS = tuple(listed)
        return listed

    return listen
