"""`lodestock rotate_secret NAME`: a new key in front, the old ones kept as fallbacks."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lodestock.config.secrets import ENVIRONMENT_NAMES, rotate_secret


class Command(BaseCommand):
    """Rotate one of the installation's keys."""

    help = "Make a new key; what the old one signed or sealed stays readable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=sorted(ENVIRONMENT_NAMES))
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        variable = ENVIRONMENT_NAMES[name]
        if os.environ.get(variable):
            raise CommandError(
                f"This key comes from {variable}; put the new one in front of it there,"
                " separated by a comma, and restart."
            )
        kept = len(rotate_secret(settings.HOME, name)) - 1
        if options["as_json"]:
            self.stdout.write(json.dumps({"ok": True, "name": name, "fallbacks": kept}))
        else:
            self.stdout.write(f"New {name} key; {kept} older kept. Restart every process.")
