"""`lodestock backup [FOLDER]`: database and files, sealed by a manifest."""

from __future__ import annotations

import json
import shutil
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from lodestock.config.env import env
from lodestock.config.operations.archive import Archive, pack_files
from lodestock.config.operations.postgres_tools import ToolFailed, run_tool

COUNTED = ("kernel_history", "eventstore_event", "inventory_posting", "inventory_movement")


class Command(BaseCommand):
    """Back up while the program runs: the dump is of one consistent moment."""

    help = "Back up the database and the files into a new folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", help="Where; by default below LODESTOCK_HOME.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        stamp = datetime.now(UTC).strftime("lodestock-%Y%m%d-%H%M%S")
        folder = Path(options["folder"] or settings.HOME / "backups" / stamp).absolute()
        if folder.exists():
            raise CommandError(f"{folder} exists already; name a folder that does not.")
        unfinished = folder.with_name(f".{folder.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        try:
            manifest = self.fill(Archive(unfinished))
        except ToolFailed as error:
            shutil.rmtree(unfinished)
            raise CommandError(str(error)) from error
        unfinished.rename(folder)
        self.report(folder, manifest, as_json=options["as_json"])

    def fill(self, archive: Archive) -> dict[str, Any]:
        """Write the parts and seal them. Files come second: a row may name a file, and files are
        never changed, so every file that the dump names is there."""
        rows, server = self.facts()
        run_tool("pg_dump", env(), "--format=custom", f"--file={archive.dump}")
        pack_files(settings.FILES_ROOT, archive.files)
        return archive.write_manifest(server=server, rows=rows)

    def facts(self) -> tuple[dict[str, int], str]:
        """Return row counts of the tables that only grow (at least so many are in the dump)."""
        existing = set(connection.introspection.table_names())
        rows = {}
        with connection.cursor() as cursor:
            for table in COUNTED:
                if table in existing:
                    cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a constant
                    rows[table] = cursor.fetchone()[0]
            cursor.execute("SHOW server_version")
            return rows, str(cursor.fetchone()[0])

    def report(self, folder: Path, manifest: dict[str, Any], *, as_json: bool) -> None:
        """Say where the backup is and what is not in it."""
        if as_json:
            self.stdout.write(json.dumps({"ok": True, "folder": str(folder), **manifest}))
            return
        size = sum(part["bytes"] for part in manifest["contents"].values())
        self.stdout.write(f"{folder}  ({size / 2**20:.1f} MiB)")
        self.stdout.write(
            f"Keep {settings.HOME / 'secrets'} in another safe place: without those keys sealed"
            " fields cannot be read."
        )
