"""Background work of rooms that cannot register it themselves, and the timetable.

Rooms above the jobs room register theirs in ``tasks.py`` with ``jobs.ports.job``; those beside and
below it are listed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestock.eventstore.services import purge_idempotency
from lodestock.feeds.selectors import find_import
from lodestock.feeds.services import run_import
from lodestock.jobs.ports import JobKind, Run
from lodestock.jobs.services import purge_finished
from lodestock.jobs.types import Daily, Every, Schedule


def _purge_idempotency(run: Run) -> Mapping[str, Any]:
    return {"removed": purge_idempotency()}


def _purge_jobs(run: Run) -> Mapping[str, Any]:
    return {"removed": purge_finished()}


def _import_feed(run: Run) -> Mapping[str, Any]:
    batch = run_import(find_import(run.params["import_id"]), progress=run.progress)
    return {"import": batch.sqid, "status": batch.status}


KINDS = [
    JobKind("feeds.import", _import_feed, title="Read a file of a feed"),
    JobKind("eventstore.purge_idempotency", _purge_idempotency, title="Forget old answers"),
    JobKind("jobs.purge_finished", _purge_jobs, title="Forget old jobs"),
]

SCHEDULES = [
    Schedule("Forget old idempotency keys", Daily(3, 10), kind="eventstore.purge_idempotency"),
    Schedule("Forget jobs that ended long ago", Daily(3, 20), kind="jobs.purge_finished"),
    Schedule("Prepare the ledger's coming months", Daily(1, 5), kind="inventory.ensure_partitions"),
    Schedule("Build the ledger's snapshots", Daily(1, 15), kind="inventory.take_snapshots"),
    Schedule("Check what is new in the ledger", Every(3600), kind="inventory.verify_ledger"),
    Schedule("Free lapsed reservations", Every(60), kind="inventory.expire_reservations"),
]
