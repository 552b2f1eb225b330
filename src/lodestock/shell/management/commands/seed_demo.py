"""`lodestock seed_demo`: a year in the life of a small distributor."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from lodestock.jobs import services as jobs
from lodestock.kernel import clock
from lodestock.shell import selectors
from lodestock.shell.demo import DEMO_JOB, story
from lodestock.shell.demo.company import NAME, SITES
from lodestock.shell.demo.load.company import watcher

PRODUCTION = "lodestock.config.settings.prod"
TAKE_OVER_SECONDS = 120
LONGEST_AGO = timedelta(days=180)


class Command(BaseCommand):
    """Loads the demo company as a job, in this process; a second run changes nothing."""

    help = "Fill the database with a demo company (deterministic by --seed) and say what happened."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=7, help="Another seed, another company.")
        parser.add_argument("--scale", type=float, default=1.0, help="How busy: 2 is twice.")
        parser.add_argument("--today", type=date.fromisoformat, help="The day the demo opens.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse(options)
        console = Console(stderr=options["as_json"])
        loaded = selectors.demo_is_loaded()
        if loaded is None:
            self._load(options, console)
        told = story.tell(options["seed"])
        if options["as_json"]:
            self.stdout.write(json.dumps(told.as_json() | {"replayed": loaded is not None}))
        else:
            story.show(told, console, already=loaded is not None)
        if not told.ok:
            raise CommandError("The ledger does not verify: see `lodestock verify_ledger`.")

    def _refuse(self, options: dict[str, Any]) -> None:
        if settings.SETTINGS_MODULE == PRODUCTION:
            raise CommandError(
                "The demo's passwords are known to everybody: it is not loaded where"
                f" {PRODUCTION} runs. Use another database."
            )
        if not 0 < options["scale"] <= 20:
            raise CommandError(f"--scale {options['scale']} must lie between 0 and 20.")
        self._refuse_day(options["today"])
        begun = selectors.latest_demo_job()
        if begun is not None and begun.params["seed"] != options["seed"]:
            raise CommandError(
                f"This database holds the demo of seed {begun.params['seed']}; --seed"
                f" {options['seed']} needs an empty one."
            )

    def _refuse_day(self, day: date | None) -> None:
        """Lots of the plan would have expired by now, or goods move tomorrow."""
        now = clock.today(SITES[0].time_zone)
        if day is not None and not now - LONGEST_AGO <= day <= now:
            raise CommandError(
                f"--today {day} must lie between {now - LONGEST_AGO} and {now}: the demo's year"
                " ends then."
            )

    def _load(self, options: dict[str, Any], console: Console) -> None:
        job = self._job(options)
        bars = (TextColumn("{task.description:<46}"), BarColumn(), TaskProgressColumn())
        with Progress(*bars, TimeElapsedColumn(), console=console) as progress:
            bar = progress.add_task(NAME, total=1)

            def watch(done: int, total: int, message: str) -> None:
                progress.update(bar, completed=done, total=total, description=message)

            token = watcher.set(watch)
            try:
                _run(job)
            finally:
                watcher.reset(token)
        if job.status != "succeeded":
            raise CommandError(f"The demo was not loaded ({job.status}): {job.error[-1500:]}")

    def _job(self, options: dict[str, Any]) -> Any:
        """The job that was begun here before, on whatever day that was, else a new one."""
        begun = selectors.latest_demo_job()
        if begun is not None:
            return jobs.retry(begun) if begun.status in {"failed", "cancelled"} else begun
        today = options["today"] or clock.today(SITES[0].time_zone)
        params = {
            "seed": options["seed"],
            "scale": options["scale"],
            "today": today.isoformat(),
        }
        return jobs.enqueue(DEMO_JOB, params, unique_key=DEMO_JOB)


def _run(job: Any) -> None:
    """Carry the job out here; one whose process died is taken over once its lease has run out."""
    deadline = time.monotonic() + TAKE_OVER_SECONDS
    while not jobs.execute(job.pk) and time.monotonic() < deadline:
        job.refresh_from_db()
        if job.status not in {"queued", "running"}:
            break
        time.sleep(0.5)
    job.refresh_from_db()
