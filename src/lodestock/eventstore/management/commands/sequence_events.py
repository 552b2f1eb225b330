"""``lodestock sequence_events``: one run of the sequencer; after a restore, with a new start."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lodestock.eventstore import selectors, services


class Command(BaseCommand):
    help = "Give positions to all events below the horizon."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--after-restore",
            action="store_true",
            help="Also fence off the transaction numbers of the server the dump came from.",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *args: Any, after_restore: bool = False, as_json: bool = False, **options: Any
    ) -> None:
        placed = services.after_restore().count if after_restore else services.sequence_all()
        state = selectors.horizon()
        result = {
            "ok": state.unplaced == 0 or not after_restore,
            "placed": placed,
            "last_position": selectors.last_position(),
            "unplaced": state.unplaced,
            "held_by": state.holder,
        }
        text = json.dumps(result)
        self.stdout.write(
            text if as_json else f"{placed} placed; {state.unplaced} above the horizon"
        )
