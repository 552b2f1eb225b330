"""kill -9 of the program in the middle of an import: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import random
import time

import pytest
from tests.faults.feed import write_feed
from tests.faults.program import (
    Watcher,
    assert_exact,
    import_file,
    start_import,
    verify,
    wait_until,
)

LONG = os.environ.get("LODESTOCK_SCALE", "test") != "test"
LINES = 30_000 if LONG else 6_600

pytestmark = pytest.mark.timeout(3600 if LONG else 600)


def kill_when(condition, file, *, db, home) -> bool:
    """Start the import and kill it at that moment; False when it was already through."""
    program = start_import(file, url=db.url, home=home)
    with Watcher(db.owner) as seen:
        hit = wait_until(program, lambda: condition(seen))
    program.kill()
    program.communicate()
    return hit


MOMENTS = {
    "while the file is read into the staging table": lambda s: s.status != "" and s.at_work,
    "inside the first transaction that applies": lambda s: s.status == "applying" and s.at_work,
    "between two transactions": lambda s: s.applied_through > 0,
    "inside a later transaction": lambda s: s.applied_through > 0 and s.at_work,
}


def test_an_import_that_is_killed_again_and_again_is_in_the_end_applied_once(
    committing_db, tmp_path
):
    file, home = tmp_path / "history.csv", tmp_path / "home"
    expected = write_feed(file, LINES)
    hits = [
        name
        for name, moment in MOMENTS.items()
        if kill_when(moment, file, db=committing_db, home=home)
    ]
    assert len(hits) >= 3, hits
    said = import_file(file, url=committing_db.url, home=home)
    assert said["rows"] == expected["rows"]
    assert_exact(committing_db.owner, expected)
    verify(url=committing_db.url, home=home)
    again = import_file(file, url=committing_db.url, home=home)
    assert again["rows"] == expected["rows"] | {"applied": 0, "unchanged": LINES}
    assert_exact(committing_db.owner, expected)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_killed_at_any_instant_it_goes_on_behind_the_last_place(committing_db, tmp_path, seed):
    chance = random.Random(seed)
    file, home = tmp_path / "history.csv", tmp_path / "home"
    expected = write_feed(file, 12_000)
    for _ in range(5):
        program = start_import(file, url=committing_db.url, home=home)
        time.sleep(chance.uniform(1.0, 8.0))
        program.kill()
        program.communicate()
        verify(url=committing_db.url, home=home)
    said = import_file(file, url=committing_db.url, home=home)
    rows = said["rows"]
    assert rows["applied"] + rows["unchanged"] == rows["received"] == 12_000, json.dumps(said)
    assert_exact(committing_db.owner, expected)
