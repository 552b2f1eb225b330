"""``lodestock run_subscriptions``: sequence the log and serve its subscribers until stopped."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lodestock.eventstore import services
from lodestock.eventstore.subscriptions import after_commit_subscriptions
from lodestock.eventstore.subscriptions.delivery import deliver_all
from lodestock.eventstore.subscriptions.runner import Runner


class Command(BaseCommand):
    help = "Give events their reading order and hand them to every subscriber, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Catch up, then leave.")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        if once:
            self._catch_up()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        Runner(stop).run()

    def _catch_up(self) -> None:
        placed = services.sequence_all()
        handled = sum(deliver_all(one) for one in after_commit_subscriptions())
        self.stdout.write(f"{placed} events placed, {handled} deliveries made")
