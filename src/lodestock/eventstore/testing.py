"""Help for tests of every room that looks at events. Nothing here is used by the program."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from lodestock.kernel.encoding import dumps

from .models import Event
from .schemas import validator
from .services.sequence import after_restore
from .subscriptions import after_commit_subscriptions
from .subscriptions.delivery import deliver_all


def sequence_everything() -> int:
    """Give positions to all events, also those of the test's own open transaction.

    Does not wait for the horizon, which other tests' transactions on the same server hold back.
    """
    return after_restore().count


def deliver_everything() -> int:
    """Sequence, then serve every subscriber until nothing is left; returns deliveries made."""
    total = 0
    while True:
        sequence_everything()
        handled = sum(deliver_all(one) for one in after_commit_subscriptions())
        total += handled
        if handled == 0:
            return total


def payload_errors() -> list[str]:
    """Every stored event whose payload contradicts its schema, in words. For SQL-written events."""
    found = []
    for event in Event.objects.all().iterator():
        checker: Draft202012Validator = validator(event.event_type, event.schema_version)
        payload = json.loads(dumps(event.payload))
        found += [f"{event}: {error.message}" for error in checker.iter_errors(payload)]
    return found


__all__ = ["deliver_everything", "payload_errors", "sequence_everything"]
