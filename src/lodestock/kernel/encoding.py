"""How values of ours become JSON, everywhere the same way."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID


class ExactEncoder(json.JSONEncoder):
    """Decimals as text digit for digit, instants in UTC with ``Z``; anything unknown is refused."""

    def default(self, value: Any) -> Any:
        match value:
            case Decimal() | UUID():
                return str(value)
            case datetime():
                return utc_text(value)
            case date():
                return value.isoformat()
            case Enum():
                return value.value
            case set() | frozenset() | tuple():
                return sorted(value) if isinstance(value, set | frozenset) else list(value)
        return super().default(value)


def utc_text(moment: datetime) -> str:
    """``2026-11-21T09:30:00.000000Z``; a naive instant is refused with ``ValueError``."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; store aware instants only")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def dumps(value: Any) -> str:
    """Compact JSON text; raises ``TypeError`` for a float that is not finite or an unknown type."""
    return json.dumps(value, cls=ExactEncoder, separators=(",", ":"), allow_nan=False)
