"""The ledger's upkeep as background work; ``config/jobs.py`` says when."""

from __future__ import annotations

from dataclasses import asdict

from lodestock.attention.services import close_case, open_case
from lodestock.inventory import services
from lodestock.jobs.ports import Result, Run, job
from lodestock.kernel.errors import Conflict

from .verification import verify

RULE = "inventory.ledger_differs"
LEDGER = "inventory.ledger"


@job("inventory.ensure_partitions", title="Prepare the ledger's coming months")
def ensure_partitions(run: Run) -> Result:
    """Make the month partitions that are missing."""
    return {"made": services.ensure_partitions(), "months_ahead": services.months_prepared()}


@job("inventory.take_snapshots", title="Build month snapshots", lease_seconds=300)
def take_snapshots(run: Run) -> Result:
    """Seal the past and fold it."""
    built = services.take_snapshots()
    return {"built": [[axis, boundary.isoformat(), rows] for axis, boundary, rows in built]}


@job("inventory.expire_reservations", title="Free lapsed reservations")
def expire_reservations(run: Run) -> Result:
    """Release what nobody came for in time."""
    return {"expired": services.expire_reservations()}


@job("inventory.verify_ledger", title="Check what is new in the ledger", lease_seconds=300)
def verify_ledger(run: Run) -> Result:
    """Compare the ledger with what is kept from it: a difference is an alert, never a silent fix.

    Opens a critical case and fails; closes the case once all is well again.
    """
    report = verify(incremental=True)
    if report.ok:
        close_case(rule=RULE, subject_type=LEDGER, subject_id="")
        return {"ok": True, "balances": report.balances, "seconds": report.seconds}
    open_case(
        rule=RULE,
        severity="critical",
        subject_type=LEDGER,
        subject_id="",
        title="The ledger and what is kept from it differ",
        evidence={"differences": [asdict(one) for one in report.differences[:20]]},
        case_type="stock",
    )
    raise Conflict(
        f"{len(report.differences)} differences: 'lodestock verify_ledger' names them;"
        " a case is open."
    )
