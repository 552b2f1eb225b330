"""`lodestock run`: `up` for people who change the code."""

from __future__ import annotations

from typing import Any

from lodestock.config.management.commands.up import Command as Up


class Command(Up):
    """Everything of `up`; the web process starts again whenever a file changes."""

    help = "Like up, and start again when code changes."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options | {"reload": True})
