"""Try again what may pass: exponential backoff with jitter, declared faults only."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from .errors import TransientError

P = ParamSpec("P")
R = TypeVar("R")

JITTER_SECONDS = 0.2


def retry(
    times: int,
    delay: float = 0.5,
    backoff: float = 2.0,
    on: tuple[type[BaseException], ...] = (TransientError, ConnectionError, TimeoutError),
    sleep: Callable[[float], None] = time.sleep,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Call up to ``times`` times, waiting ``delay * backoff**n`` seconds plus jitter between.

    The jitter is uniform in ``[0, 0.2)`` seconds. Only exceptions named in ``on`` are tried
    again; the last one is raised as it is. Raises ``ValueError`` when ``times`` is below one.
    """
    if times < 1:
        raise ValueError(f"times must be at least 1, not {times}")

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            for attempt in range(times - 1):
                try:
                    return function(*args, **kwargs)
                except on:
                    sleep(backoff_delay(attempt, delay, backoff))
            return function(*args, **kwargs)

        return call

    return decorate


def backoff_delay(attempt: int, delay: float, backoff: float) -> float:
    """Seconds to wait after failed attempt number ``attempt`` (the first is 0)."""
    return delay * backoff**attempt + random.random() * JITTER_SECONDS  # noqa: S311
