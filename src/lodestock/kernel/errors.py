"""The situations the program refuses, each with a stable code.

Services raise these; nothing returns ``False``. Over HTTP they become RFC 9457
``application/problem+json`` (see ``kernel.api``): ``code`` and ``status`` come from the
class, ``detail`` and ``params`` from the place that raised. A good detail names what was
asked, what was found and the next step.
"""

from __future__ import annotations

from typing import Any, ClassVar


class LodestockError(Exception):
    """Base of every refusal. ``params`` are machine-readable figures and public ids."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "The request could not be carried out"

    def __init__(self, detail: str, *, field: str | None = None, **params: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.params = params


class InvalidInput(LodestockError):
    """What was sent cannot be understood or is out of range."""

    code = "invalid_input"
    status = 400
    title = "The input is not valid"


class Forbidden(LodestockError):
    """The principal may not do this, or may not do it here."""

    code = "forbidden"
    status = 403
    title = "This is not permitted"


class NotFound(LodestockError):
    """Nothing with that identity exists, or the principal may not know that it does."""

    code = "not_found"
    status = 404
    title = "There is no such record"


class Conflict(LodestockError):
    """The request is sound but the present state stands against it."""

    code = "conflict"
    status = 409
    title = "The present state does not allow this"


class IllegalTransition(Conflict):
    """A verb that the record's state machine does not declare for its present state."""

    code = "illegal_transition"
    title = "This step is not possible from the present status"


class StaleVersion(Conflict):
    """Somebody else changed the record since it was read (optimistic concurrency)."""

    code = "stale_version"
    title = "The record has changed since it was read"


class Unprocessable(LodestockError):
    """Understood, but contradicts something already accepted."""

    code = "unprocessable"
    status = 422
    title = "The request contradicts an earlier one"


class TransientError(LodestockError):
    """A passing fault outside; the same call may go through later."""

    code = "temporarily_unavailable"
    status = 503
    title = "Temporarily unavailable"
