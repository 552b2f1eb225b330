"""The program as its user runs it, in processes that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from tests.faults.feed import CONTRACT

PATIENCE_SECONDS = 240


def environment(url: str, home: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": url,
        "LODESTOCK_HOME": str(home),
        "LODESTOCK_DB_ROLE": "app",
        "DJANGO_SETTINGS_MODULE": "lodestock.config.settings.dev",
    }


def start(*arguments: str, url: str, home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "lodestock", *arguments],
        env=environment(url, home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments: str, url: str, home: Path) -> tuple[int, str, str]:
    """Run a command to its end: exit status, what it printed, what it complained."""
    program = start(*arguments, url=url, home=home)
    out, err = program.communicate(timeout=PATIENCE_SECONDS)
    return program.returncode, out, err


def start_import(file: Path, *, url: str, home: Path) -> subprocess.Popen[str]:
    return start("import_feed", str(CONTRACT), str(file), "--json", url=url, home=home)


def answer(*arguments: str, url: str, home: Path) -> dict[str, Any]:
    """Run a command that must succeed and prints one JSON object."""
    status, out, err = run(*arguments, "--json", url=url, home=home)
    assert status == 0, f"{arguments[0]} ended with {status}: {out}\n{err[-3000:]}"
    found: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return found


def import_file(file: Path, *, url: str, home: Path) -> dict[str, Any]:
    return answer("import_feed", str(CONTRACT), str(file), url=url, home=home)


def verify(*, url: str, home: Path) -> None:
    assert answer("verify_ledger", url=url, home=home)["ok"]


def wait_for(program: subprocess.Popen[str], condition: Callable[[], bool]) -> None:
    """Wait for a moment in the program's work; fails with what it said when it ended before."""
    if not wait_until(program, condition):
        out, err = program.communicate()
        raise AssertionError(f"ended with {program.returncode}: {out[-1500:]}\n{err[-3000:]}")


def wait_until(program: subprocess.Popen[str], condition: Callable[[], bool]) -> bool:
    """Wait for a moment in the program's work; False when it had ended before."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        if program.poll() is not None:
            return False
        time.sleep(0.005)
    raise AssertionError("the moment never came")


class Watcher:
    """Looks from outside how far the import has come."""

    def __init__(self, conninfo: dict[str, Any]) -> None:
        self.conninfo = conninfo

    def __enter__(self) -> Watcher:
        self.connection = psycopg.connect(**self.conninfo, autocommit=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def value(self, query: str) -> Any:
        row = self.connection.execute(query).fetchone()
        assert row is not None
        return row[0]

    @property
    def applied_through(self) -> int:
        return int(self.value("SELECT coalesce(max(applied_through), 0) FROM feeds_import"))

    @property
    def status(self) -> str:
        return str(self.value("SELECT coalesce(max(status), '') FROM feeds_import"))

    @property
    def at_work(self) -> bool:
        """A transaction of the program has written and is still open."""
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return bool(self.value(query))


def assert_exact(conninfo: dict[str, Any], expected: dict[str, Any]) -> None:
    """What stands in the database is the file, once: documents, values, lines and movements."""
    lines = expected["rows"]["received"]
    with Watcher(conninfo) as seen:
        orders = "SELECT (count(*), coalesce(sum(total), 0))::text FROM "
        for table, name in (
            ("purchasing_purchaseorder", "purchase_orders"),
            ("sales_salesorder", "sales_orders"),
        ):
            count, value = seen.value(orders + table).strip("()").split(",")
            assert int(count) == expected[name]["count"], table
            assert Decimal(value) == expected[name]["value"], table
        assert seen.value("SELECT count(*) FROM shipping_shipment") == expected["shipments"]
        assert seen.value("SELECT count(*) FROM shipping_shipmentline") == lines
        assert seen.value("SELECT count(*) FROM feeds_feedrow") == lines
        shipped = seen.value(
            "SELECT coalesce(sum(m.quantity), 0) FROM inventory_movement m"
            " JOIN locations_location l ON l.id = m.destination_id"
            " WHERE l.virtual_kind = 'customer'"
        )
        delivered = seen.value("SELECT coalesce(sum(quantity), 0) FROM shipping_shipmentline")
        assert shipped == delivered
        assert seen.value("SELECT coalesce(sum(on_hand), 0) FROM inventory_balance") == 0
