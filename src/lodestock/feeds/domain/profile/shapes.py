"""The shape of a text: what stays when digits and letters are taken out."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
SHAPE_MAX = 60


def shape_of(text: str) -> str:
    """``SCMS-4`` and ``DN-2013`` are ``A-9``; ``17850.0`` is ``9.9``. Long shapes are cut."""
    shape = _LETTERS.sub("A", _DIGITS.sub("9", text))
    return shape if len(shape) <= SHAPE_MAX else shape[: SHAPE_MAX - 1] + "…"


def cased_shape(text: str) -> str:
    """As ``shape_of``, telling capitals (``A``) from small letters (``a``): codes care."""
    cased = _LETTERS.sub(lambda run: "A" if run[0].isupper() else "a", _DIGITS.sub("9", text))
    return cased if len(cased) <= SHAPE_MAX else cased[: SHAPE_MAX - 1] + "…"


def undoubled(text: str) -> str | None:
    """The text with a second UTF-8 encoding undone, or None when it was encoded only once."""
    if text.isascii():
        return None
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


def digits_shape(text: str) -> str:
    """The shape with digits counted, for showing a pattern: ``12/1/10 8:26`` → ``99/9/99 9:99``."""
    return _LETTERS.sub("A", re.sub(r"\d", "9", text))[:SHAPE_MAX]
