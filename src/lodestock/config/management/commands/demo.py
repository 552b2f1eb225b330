"""`lodestock demo`: a small company's goods move, then the site is served."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command, get_commands

from lodestock.config.management.commands.up import Command as Up


class Command(Up):
    """`up`, with a generated, deterministic company in the database."""

    help = "Fill a demo company, run its main job with progress bars, and serve the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--no-serve", action="store_true", help="Fill, report and leave.")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        self.prepare(options["admin"])
        if "seed_demo" in get_commands():
            call_command("seed_demo", stdout=self.stdout)
        self.say(f"\nReady after {time.monotonic() - began:.1f} s.")
        if not options["no_serve"]:
            self.serve(options)
