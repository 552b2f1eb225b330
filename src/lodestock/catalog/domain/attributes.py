"""Attributes of a variant: which names and values are allowed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lodestock.kernel.errors import InvalidInput

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
MAX_ATTRIBUTES = 200
MAX_TEXT = 1000


def clean_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes as they are stored, names sorted.

    A name starts with a letter and holds letters, digits and single underscores (``__`` separates
    the parts of a filter). A value is text, a whole number, a ``Decimal``, a truth value or a
    list of these; ``None`` drops the attribute. Raises :class:`InvalidInput` for anything else.
    """
    if len(attributes) > MAX_ATTRIBUTES:
        raise _refused(f"{len(attributes)} given, at most {MAX_ATTRIBUTES} are kept")
    for name in attributes:
        if not NAME.fullmatch(name) or "__" in name:
            raise _refused(
                f"{name[:63]!r} is no attribute name: start with a letter, then letters, digits"
                " and single underscores"
            )
    kept = {name: _clean(name, value) for name, value in sorted(attributes.items())}
    return {name: value for name, value in kept.items() if value is not None}


def _clean(name: str, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_clean_scalar(name, item) for item in value]
    return None if value is None else _clean_scalar(name, value)


def _clean_scalar(name: str, value: Any) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 40:
        return value
    if isinstance(value, str) and len(value) <= MAX_TEXT and "\x00" not in value:
        return value
    raise _refused(
        f"{name} is {str(value)[:60]!r} ({type(value).__name__}): give text of at most {MAX_TEXT}"
        " characters, an exact number, true or false, or a list of these"
    )


def _refused(problem: str) -> InvalidInput:
    return InvalidInput(f"attributes: {problem}.", field="attributes")
