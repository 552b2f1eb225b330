"""`lodestock restore FOLDER`: a backup into an empty database, proven afterwards."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from lodestock.config.env import env
from lodestock.config.operations.archive import Archive, BackupUnusable, unpack_files
from lodestock.config.operations.postgres_tools import ToolFailed
from lodestock.config.operations.restoring import NotEmpty, load_dump, make_room, run_command


class Command(BaseCommand):
    """Check, load, migrate, give events their reading order again, verify the ledger."""

    help = "Restore a backup into an empty database, then prove that it is sound."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="What `lodestock backup` made.")
        parser.add_argument("--replace", action="store_true", help="Throw away what is there.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        archive = Archive(Path(options["folder"]).absolute())
        try:
            manifest = archive.read_manifest()
            connections.close_all()
            make_room(env(), replace=options["replace"])
            load_dump(env(), str(archive.dump))
        except (BackupUnusable, NotEmpty, ToolFailed) as error:
            raise CommandError(str(error)) from error
        unpack_files(archive.files, settings.HOME)
        steps = self.bring_to_life()
        missing = self.missing_rows(manifest["rows"])
        ok = not missing and all(step["ok"] for step in steps.values())
        self.report({"ok": ok, "steps": steps, "missing_rows": missing}, options["as_json"])

    def bring_to_life(self) -> dict[str, dict[str, Any]]:
        """Run what a restored database needs; stops at the first step that fails.

        Rows carry transaction numbers of the server they came from. The event log must fence
        those off, or its readers would wait for them for ever.
        """
        wanted = [("migrate", ["migrate", "--verbosity", "0", "--skip-checks"], "owner")]
        wanted.append(("events", ["sequence_events", "--after-restore", "--json"], "app"))
        wanted.append(("ledger", ["verify_ledger", "--json"], "app"))
        steps: dict[str, dict[str, Any]] = {}
        for name, command, role in wanted:
            if command[0] in get_commands():
                done = run_command(*command, role=role)
                said = (done.stdout if done.returncode == 0 else done.stderr).strip()[-2000:]
                steps[name] = {"ok": done.returncode == 0, "said": said}
                if done.returncode:
                    break
        return steps

    def missing_rows(self, expected: dict[str, int]) -> dict[str, int]:
        """Return by how many rows a table falls short of the manifest."""
        missing = {}
        with connection.cursor() as cursor:
            for table, at_least in expected.items():
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
                found = cursor.fetchone()[0]
                if found < at_least:
                    missing[table] = at_least - found
        return missing

    def report(self, result: dict[str, Any], as_json: bool) -> None:
        """Print the outcome; raises CommandError when the restored database is not sound."""
        if as_json:
            self.stdout.write(json.dumps(result))
        else:
            for name, step in result["steps"].items():
                self.stdout.write(f"{name:<8} {'ok' if step['ok'] else 'FAILED'}  {step['said']}")
        if not result["ok"]:
            raise CommandError("The restored database is not sound; see above.")
