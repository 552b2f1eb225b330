"""`lodestock seed_demo` takes under a minute, and the same seed gives the same company."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from lodestock.config.testing import server as servers
from lodestock.kernel import clock
from lodestock.kernel.testing.databases import database_url

BOUND_SECONDS = 60

#: What tells when and by whom a row was written, not what it says; and what is random by nature.
WRITING = {"created_at", "updated_at", "recorded_at", "txid", "password", "uuid", "finished_at"}
#: Rooms whose rows are the company. Events, jobs and history tell of the writing itself.
ROOMS = (
    *("organisation", "catalog", "partners", "locations", "inventory"),
    *("shipping", "purchasing", "sales"),
)


@dataclass(frozen=True)
class Seeded:
    """One run of the command in a database of its own."""

    told: dict[str, Any]
    seconds: float
    digests: dict[str, str]
    last_day: str


def seeded(folder: Path, *arguments: str) -> Seeded:
    server = servers.test_server()
    name = server.clone(servers.template())
    try:
        url = database_url(server.owner_of(name))
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "lodestock", "seed_demo", "--json", *arguments],
            env=os.environ
            | {
                "DATABASE_URL": url,
                "LODESTOCK_HOME": str(folder),
                "LODESTOCK_DB_ROLE": "app",
                "DJANGO_SETTINGS_MODULE": "lodestock.config.settings.dev",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - began
        assert done.returncode == 0, done.stderr[-3000:]
        with psycopg.connect(**server.owner_of(name)) as connection:
            digests = dict(_digests(connection))
            last = connection.execute("SELECT max(occurred_at)::date FROM inventory_movement")
            ((last_day,),) = last.fetchall()
        told = json.loads(done.stdout.strip().splitlines()[-1])
        return Seeded(told, seconds, digests, last_day.isoformat())
    finally:
        server.drop(name)


def _digests(connection: psycopg.Connection[Any]) -> Iterator[tuple[str, str]]:
    """A digest of the rows of every table of the company, keys and foreign keys included."""
    columns: dict[str, list[str]] = {}
    found = connection.execute(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum"
    )
    for table, column in found:
        if table.split("_")[0] in ROOMS and column not in WRITING:
            columns.setdefault(table, []).append(column)
    for table, names in columns.items():
        row = sql.SQL(", ").join(map(sql.Identifier, names))
        query = sql.SQL("SELECT row_to_json(r)::text FROM (SELECT {} FROM {}) r ORDER BY 1").format(
            row, sql.Identifier(table)
        )
        rows = connection.execute(query).fetchall()
        if rows:
            text = "\n".join(text for (text,) in rows)
            yield table, f"{len(rows)} rows {hashlib.sha256(text.encode()).hexdigest()}"


def yesterday() -> str:
    """One day for both runs, whichever side of midnight they fall on."""
    return (clock.today("Europe/Berlin") - timedelta(days=1)).isoformat()


@pytest.mark.long
def test_the_whole_demo_is_the_same_twice_and_takes_under_a_minute(tmp_path: Path) -> None:
    """Both runs share the machine with whatever else is at work: the quicker one counts."""
    today = yesterday()
    runs = [seeded(tmp_path / str(n), "--seed", "7", "--today", today) for n in range(2)]
    print(f"\nseed_demo: {' and '.join(f'{run.seconds:.1f} s' for run in runs)}")
    for run in runs:
        assert run.told["ok"]
        assert not run.told["replayed"]
        assert run.last_day < today, "goods move on the day the demo opens, or later"
    assert len(runs[0].digests) > 20
    assert runs[0].digests == runs[1].digests
    assert min(run.seconds for run in runs) < BOUND_SECONDS
