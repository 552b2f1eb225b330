"""What the event log refuses."""

from __future__ import annotations

from lodestock.kernel.errors import InvalidInput, StaleVersion


class InvalidEvent(InvalidInput):
    """The payload does not match its JSON Schema, or the type has none."""

    code = "invalid_event"


__all__ = ["InvalidEvent", "StaleVersion"]
