"""``lodestock worker``: one process for background work, the timetable and the events.

Celery's worker with a pool of threads; beat and the event runner are threads beside it. Larger
sites run them apart: ``celery --app lodestock.config.celery worker`` (any pool, many hosts),
``… beat``, and ``lodestock run_subscriptions``.
"""

from __future__ import annotations

import threading
from argparse import ArgumentParser
from typing import Any

from celery.beat import Service
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Do background work; beat and the event runner are inside."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="Jobs at the same time.")
        parser.add_argument("--no-beat", action="store_true", help="Another process runs beat.")
        parser.add_argument(
            "--no-events", action="store_true", help="Another process runs run_subscriptions."
        )

    def handle(
        self, *args: Any, concurrency: int, no_beat: bool, no_events: bool, **options: Any
    ) -> None:
        app = import_string(settings.JOB_CELERY_APP)
        app.set_current()
        companions = Companions(app, beat=not no_beat, events=not no_events)
        worker_ready.connect(companions.start, weak=False)
        worker_shutting_down.connect(companions.stop, weak=False)
        app.start(
            [
                "--quiet",
                "worker",
                "--pool=threads",
                f"--concurrency={concurrency}",
                "--loglevel=WARNING",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ]
        )
        companions.stop()


class Companions:
    """What runs beside the worker, each in a thread."""

    def __init__(self, app: Any, *, beat: bool, events: bool) -> None:
        self.stopped = threading.Event()
        self.beat = Service(app, scheduler_cls=app.conf.beat_scheduler) if beat else None
        self.events = events
        self.threads: list[threading.Thread] = []

    def start(self, **kwargs: Any) -> None:
        """Called once the worker is connected to its broker."""
        if self.beat is not None:
            self._thread("beat", self.beat.start, True)
        if self.events:
            runner = import_string(settings.EVENT_RUNNER)(self.stopped)
            self._thread("events", runner.run)

    def stop(self, **kwargs: Any) -> None:
        """End both; a batch of events in work is finished first."""
        self.stopped.set()
        if self.beat is not None:
            self.beat.stop()
        for thread in self.threads:
            thread.join(timeout=10)

    def _thread(self, name: str, target: Any, *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, name=name, daemon=True)
        thread.start()
        self.threads.append(thread)
