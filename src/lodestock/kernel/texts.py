"""Codes and names, checked the same way by every verb."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .errors import InvalidInput

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]")


def clean_code(value: str, *, field: str, longest: int = 64) -> str:
    """A code or SKU without spaces around it. Raises :class:`InvalidInput` for a bad one."""
    return _clean(value, field, longest)


def clean_name(value: str, *, field: str = "name", longest: int = 255) -> str:
    """A name, as :func:`clean_code`."""
    return _clean(value, field, longest)


def choice(value: str, allowed: Iterable[str], *, field: str) -> str:
    """``value`` if it is one of ``allowed``. Raises :class:`InvalidInput` naming them."""
    possible = [str(option) for option in allowed]
    if value not in possible:
        raise InvalidInput(
            f"{field}: {str(value)[:40]!r} is unknown; possible are {', '.join(possible)}.",
            field=field,
        )
    return str(value)


def _clean(value: str, field: str, longest: int) -> str:
    text = str(value).strip()
    if not text or len(text) > longest or _FORBIDDEN.search(text):
        raise InvalidInput(
            f"{field}: {text[:64]!r} is not possible: 1 to {longest} printable characters.",
            field=field,
        )
    return text
