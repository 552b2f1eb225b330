"""What the jobs room refuses."""

from __future__ import annotations

from lodestock.kernel.errors import InvalidInput, TransientError


class UnknownKind(InvalidInput):
    """No handler is registered for this kind of job."""

    code = "unknown_job_kind"


class JobCancelled(Exception):
    """Raised inside a handler at the next progress report after somebody cancelled the job."""


class LeaseLost(Exception):
    """Another worker has taken the job over; whatever this one still does no longer counts."""


__all__ = ["JobCancelled", "LeaseLost", "TransientError", "UnknownKind"]
