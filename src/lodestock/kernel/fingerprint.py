"""One short digest for equal values: how an import tells *unchanged* from *amended*."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

_LENGTH = 32


def fingerprint(*values: Any) -> str:
    """32 hex digits that are equal exactly when the values are.

    ``1``, ``1.0`` and ``1.000`` are one number; instants are compared in UTC; ``None`` and an
    empty text differ. Accepts text, numbers, dates, enums, and tuples of them; anything else
    raises ``TypeError``.
    """
    return hashlib.sha256(_text(values).encode()).hexdigest()[:_LENGTH]


def _text(value: Any) -> str:
    known = _EXACT.get(type(value))
    if known is not None:
        return known(value)
    if isinstance(value, Enum):
        return _text(value.value)
    raise TypeError(f"{type(value).__name__} has no fingerprint")


def _number(value: Decimal | int) -> str:
    return format(Decimal(value).normalize(), "f")


def _sequence(value: tuple[Any, ...] | list[Any]) -> str:
    return f"({','.join(map(_text, value))})"


_EXACT: dict[type, Callable[[Any], str]] = {
    type(None): lambda _value: "~",
    # The length in front keeps ("a,b",) and ("a", "b") apart.
    str: lambda value: f"{len(value)}:{value}",
    bool: str,
    int: _number,
    Decimal: _number,
    date: date.isoformat,
    datetime: lambda value: value.astimezone(UTC).isoformat(),
    tuple: _sequence,
    list: _sequence,
}
