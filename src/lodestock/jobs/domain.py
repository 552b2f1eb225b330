"""The life of a job."""

from __future__ import annotations

from enum import StrEnum

from lodestock.kernel.states import Machine, moves


class JobStatus(StrEnum):
    """See ``JOB`` for which leads to which."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (JobStatus.QUEUED, JobStatus.RUNNING)
ENDED = (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)

JOB = Machine(
    "Job",
    JobStatus,
    initial=JobStatus.QUEUED,
    transitions={
        "start": moves(JobStatus.RUNNING, from_=[JobStatus.QUEUED]),
        # Another worker takes over a job whose lease ran out.
        "take_over": moves(JobStatus.RUNNING, from_=[JobStatus.RUNNING]),
        "postpone": moves(JobStatus.QUEUED, from_=[JobStatus.RUNNING]),
        "succeed": moves(JobStatus.SUCCEEDED, from_=[JobStatus.RUNNING]),
        "fail": moves(JobStatus.FAILED, from_=[JobStatus.RUNNING]),
        "cancel": moves(JobStatus.CANCELLED, from_=OPEN),
        "retry": moves(JobStatus.QUEUED, from_=[JobStatus.FAILED, JobStatus.CANCELLED]),
    },
)
