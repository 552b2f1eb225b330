"""Importers that are killed in the middle, and two that want the same feed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from lodestock.feeds import services
from lodestock.feeds.errors import FeedBusy
from lodestock.feeds.locks import only_importer
from lodestock.feeds.models import FeedRow, Import
from lodestock.feeds.services import applying
from lodestock.feeds.testing.company import counts, sample_version, send, write_contract
from lodestock.feeds.testing.mutations import Table
from lodestock.feeds.testing.sample_feed import HEADER, SampleFeed


def rows(weeks: int) -> list[list[str]]:
    source = SampleFeed()
    return [row for week in range(weeks) for row in source.week(week).rows]


class Killed(BaseException):
    """Stands for a process that is gone: nothing catches it."""


@pytest.mark.parametrize("chunk", [0, 1, 3])
def test_an_import_that_dies_between_chunks_goes_on_where_it_stood(
    committing_db, monkeypatch, chunk
) -> None:
    monkeypatch.setattr(applying, "CHUNK_ROWS_MAX", 100)
    version, data = sample_version(), Table(list(HEADER), rows(3)).write()
    seen = []

    def die(done: int, total: int) -> None:
        seen.append(done)
        if len(seen) > chunk:
            raise Killed

    raw = services.store_path(_file(data))
    with pytest.raises(Killed):
        services.run_import(services.open_import(version, raw), progress=die)
    before = FeedRow.objects.count()
    assert 0 < before < len(rows(3))
    batch = send(version, data)
    assert Import.objects.count() == 1
    assert counts(batch) == (len(rows(3)), 0, 0, 0)
    assert FeedRow.objects.count() == len(rows(3))
    assert counts(send(version, data)) == (0, len(rows(3)), 0, 0)


def _file(data: bytes) -> Path:
    path = Path(tempfile.mkdtemp()) / "week.csv"
    path.write_bytes(data)
    return path


def test_an_import_that_dies_inside_a_chunk_leaves_nothing_of_it(
    committing_db, monkeypatch
) -> None:
    monkeypatch.setattr(applying, "CHUNK_ROWS_MAX", 100)
    version, data = sample_version(), Table(list(HEADER), rows(2)).write()
    original = applying._record

    def die(batch, chunk, results, run) -> None:
        original(batch, chunk, results, run)
        if chunk.after:
            raise Killed

    monkeypatch.setattr(applying, "_record", die)
    raw = services.store_path(_file(data))
    with pytest.raises(Killed):
        services.run_import(services.open_import(version, raw))
    kept = FeedRow.objects.count()
    assert kept == Import.objects.get().applied_through
    monkeypatch.setattr(applying, "_record", original)
    assert counts(send(version, data)) == (len(rows(2)), 0, 0, 0)


@pytest.mark.parametrize("after", [2.0, 6.0])
def test_kill_dash_nine_and_again_loses_nothing_and_doubles_nothing(
    committing_db, tmp_path, after
) -> None:
    contract, file = write_contract(tmp_path), tmp_path / "big.csv"
    source = SampleFeed()
    many = [row for week in range(6) for row in source.week(week, 400).rows]
    file.write_bytes(Table(list(HEADER), many).write())
    command = [sys.executable, "-m", "lodestock", "import_feed", str(contract), str(file), "--json"]
    environment = os.environ | {
        "DATABASE_URL": committing_db.url,
        "LODESTOCK_HOME": str(tmp_path / "home"),
    }
    first = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _wait_for_rows(committing_db, after)
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    answer = json.loads(second.stdout)
    assert second.returncode == 0, second.stderr
    total = answer["rows"]
    assert total["received"] == len(many)
    assert total["applied"] + total["unchanged"] == len(many)
    assert FeedRow.objects.count() == len(many)


def _wait_for_rows(database, seconds: float) -> None:
    """Until the import has begun to stage or apply, then a little longer."""
    until = time.monotonic() + 90
    with psycopg.connect(database.url, autocommit=True) as line:
        while time.monotonic() < until:
            found = line.execute("SELECT count(*) FROM feeds_import").fetchone()
            if found and found[0]:
                time.sleep(seconds)
                return
            time.sleep(0.1)
    pytest.fail("the import never began")


def test_two_importers_of_one_feed_take_turns(committing_db) -> None:
    version = sample_version()
    data = Table(list(HEADER), rows(1)).write()
    raw = services.store_path(_file(data))
    batches = [services.open_import(version, raw, dry_run=False)]
    done: list[tuple[int, int, int, int]] = []

    def work() -> None:
        try:
            done.append(counts(services.run_import(Import.objects.get(pk=batches[0].pk))))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [(len(rows(1)), 0, 0, 0)] * 2
    assert FeedRow.objects.count() == len(rows(1))


def test_a_busy_feed_is_named(committing_db) -> None:
    version = sample_version()
    with (
        only_importer(version.feed_id, "sample_orders"),
        pytest.raises(FeedBusy, match="sample_orders"),
        only_importer(version.feed_id, "sample_orders", wait_seconds=0.3),
    ):
        pass
