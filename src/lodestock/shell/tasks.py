"""Background work of the shell."""

from __future__ import annotations

from datetime import date

from lodestock.jobs.ports import Result, Run, job
from lodestock.shell.demo import DEMO_JOB
from lodestock.shell.demo.load.company import load_company
from lodestock.shell.demo.year import play


@job(DEMO_JOB, max_attempts=1, lease_seconds=10, title="Load the demo company")
def seed_demo(run: Run) -> Result:
    """Load the demo company, or what is missing of it. Safe to repeat at any point."""
    given = run.params
    year = play(given["seed"], date.fromisoformat(given["today"]), given["scale"])
    load_company(year, run.progress)
    return {"seed": year.seed, "weeks": len(year.weeks)}
