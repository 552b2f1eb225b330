"""``lodestock openapi``: write the API's description, or say how the checked-in one differs."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.renderers import OpenApiYamlRenderer

from lodestock.kernel.api.documentation import document

DEFAULT_FILE = "schemas/openapi.yaml"
SHOWN_LINES = 60


class Command(BaseCommand):
    help = "Write the OpenAPI 3.1 description of the API; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default=DEFAULT_FILE, help="default: %(default)s")
        parser.add_argument("--check", action="store_true", help="fail when the file differs")

    def handle(self, *args: Any, file: str, check: bool, **options: Any) -> None:
        text = render()
        path = Path(file)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{path}: {text.count(chr(10))} lines")
            return
        found = path.read_text(encoding="utf-8") if path.exists() else ""
        if found != text:
            raise CommandError(_difference(found, text, str(path)))
        self.stdout.write(f"{path} describes the API as it is.")


def render() -> str:
    """The description as YAML. Raises ``CommandError`` when a view cannot be described."""
    with GENERATOR_STATS.silence():
        described = document()
    problems = [*GENERATOR_STATS._error_cache, *GENERATOR_STATS._warn_cache]
    if problems:
        raise CommandError("These views cannot be described:\n" + "\n".join(sorted(problems)))
    rendered = OpenApiYamlRenderer().render(described, renderer_context={})
    return rendered.decode()


def _difference(found: str, text: str, name: str) -> str:
    lines = difflib.unified_diff(
        found.splitlines(),
        text.splitlines(),
        f"{name} (checked in)",
        "the API as it is",
        lineterm="",
    )
    shown = list(lines)[:SHOWN_LINES]
    cure = "If the change is meant, run 'lodestock openapi' and commit the file."
    return "\n".join([*shown, cure])
