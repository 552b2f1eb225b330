"""The socket rooms plug their background work into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from lodestock.kernel.errors import TransientError

from .broker.transport import BROKER_URL, CHAIN_HEADER, register
from .errors import UnknownKind

#: The embedded queue, for whoever sets Celery up: its address, its header, its registration.
EMBEDDED_BROKER_URL, MESSAGE_CHAIN_HEADER, register_embedded_broker = (
    BROKER_URL,
    CHAIN_HEADER,
    register,
)

Result = Mapping[str, Any] | None


class Run(Protocol):
    """What a handler gets: its parameters, and a line back to the row."""

    @property
    def job_id(self) -> int:
        """Key of the job's row."""

    @property
    def params(self) -> dict[str, Any]:
        """What was asked for, as enqueued."""

    @property
    def attempt(self) -> int:
        """1 on the first try."""

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Report how far it is; cheap, call it often.

        Raises :class:`JobCancelled` when somebody cancelled, :class:`LeaseLost` when another
        worker has taken over. Let both pass through.
        """


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job and how to treat it.

    ``handler`` may run more than once for one job (a worker died at the last moment), so it
    must be safe to repeat. It returns what to keep as the result. Exceptions in ``retry_on``
    are tried again, up to ``max_attempts`` times in all, after ``delay_seconds *
    backoff**n`` seconds; any other fails the job at once. ``lease_seconds``: a worker that
    gives no sign for so long is taken for dead.
    """

    name: str
    handler: Callable[[Run], Result]
    max_attempts: int = 5
    retry_on: tuple[type[BaseException], ...] = (TransientError, ConnectionError, TimeoutError)
    delay_seconds: float = 2.0
    backoff: float = 3.0
    lease_seconds: float = 60.0
    title: str = ""


@dataclass
class Registry:
    """Kinds by name."""

    kinds: dict[str, JobKind] = field(default_factory=dict)

    def add(self, kind: JobKind) -> JobKind:
        """Register a kind; a second handler for the same name is refused with ``ValueError``."""
        known = self.kinds.get(kind.name)
        if known is not None and known.handler is not kind.handler:
            raise ValueError(f"Two handlers are registered for jobs of kind {kind.name!r}")
        self.kinds[kind.name] = kind
        return kind

    def get(self, name: str) -> JobKind:
        """The kind called ``name``. Raises :class:`UnknownKind` naming the known ones."""
        _load_listed()
        if name not in self.kinds:
            names = ", ".join(sorted(self.kinds)) or "none"
            raise UnknownKind(
                f"There is no kind of job {name[:60]!r}; known are: {names}.", field="kind"
            )
        return self.kinds[name]

    def names(self) -> list[str]:
        """All kinds, sorted."""
        _load_listed()
        return sorted(self.kinds)


registry = Registry()


def job(name: str, **options: Any) -> Callable[[Callable[[Run], Result]], Callable[[Run], Result]]:
    """Decorator for a handler in a room's ``tasks.py``; options are those of :class:`JobKind`."""

    def register(handler: Callable[[Run], Result]) -> Callable[[Run], Result]:
        registry.add(JobKind(name, handler, **options))
        return handler

    return register


@cache
def _load_listed() -> None:
    """Rooms on this floor and below cannot import us: config lists their work (``JOB_KINDS``)."""
    path = getattr(settings, "JOB_KINDS", "")
    for kind in import_string(path) if path else ():
        registry.add(kind)
