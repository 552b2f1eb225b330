"""Replaying must rebuild tables and send nothing: the switch between the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")

_allowed: ContextVar[bool] = ContextVar("lodestock_effects_allowed", default=True)


def effects_allowed() -> bool:
    """Whether mail, webhooks, calls and jobs may leave the program now."""
    return _allowed.get()


@contextmanager
def without_effects() -> Iterator[None]:
    """Inside, functions marked :func:`effect` do nothing."""
    token = _allowed.set(False)
    try:
        yield
    finally:
        _allowed.reset(token)


def effect(function: Callable[P, None]) -> Callable[P, None]:
    """Mark what leaves the program. It is left out during a replay with ``effects=False``."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        if effects_allowed():
            function(*args, **kwargs)

    return call
