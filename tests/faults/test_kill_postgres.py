"""kill -9 of PostgreSQL: every acknowledged posting is there after the restart, and once."""

from __future__ import annotations

import threading
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, connections
from tests.faults.feed import write_feed
from tests.faults.program import (
    Watcher,
    assert_exact,
    import_file,
    start_import,
    verify,
    wait_for,
)
from tests.stress.company import found
from tests.stress.invariants import broken

from lodestock.inventory import services as inventory
from lodestock.inventory.models import Posting
from lodestock.inventory.types import MovementLine, Place
from lodestock.kernel.errors import LodestockError

pytestmark = [pytest.mark.owns_server, pytest.mark.timeout(900)]
HANDS = 4
LINES = 6_600


@pytest.fixture
def company(doomed_server, pointing):
    """A company in a database of the doomed server."""
    pointing(doomed_server.database())
    return found()


def receive(premises, reference: str, quantity: int):
    line = MovementLine(
        premises.plain[quantity % 2],
        Decimal(quantity),
        Place(premises.virtual["supplier"]),
        Place(premises.bins[quantity % 3]),
    )
    return inventory.post_movements(
        kind="receive", reference_type="fault", reference_id=reference, lines=[line]
    )


def test_no_acknowledged_posting_is_lost_and_none_is_booked_twice(doomed_server, company):
    acknowledged: dict[str, int] = {}
    tried: dict[str, int] = {}
    stop = threading.Event()

    def work(hand: int) -> None:
        number = 0
        try:
            while not stop.is_set():
                number += 1
                reference, quantity = f"{hand}-{number}", 1 + (hand + number) % 7
                tried[reference] = quantity
                acknowledged[reference] = receive(company, reference, quantity).posting_id
        except (DatabaseError, LodestockError):
            pass  # the plug was pulled under this one: it was not acknowledged
        finally:
            connections.close_all()

    hands = [threading.Thread(target=work, args=(hand,)) for hand in range(HANDS)]
    for hand in hands:
        hand.start()
    while len(acknowledged) < 300:
        stop.wait(0.01)
    doomed_server.kill()
    for hand in hands:
        hand.join()
    connection.close()
    doomed_server.restart()

    there = dict(Posting.objects.filter(reference_type="fault").values_list("reference_id", "id"))
    assert {name: there.get(name) for name in acknowledged} == acknowledged
    assert set(there) <= set(tried)
    on_hand: dict[int, Decimal] = defaultdict(Decimal)
    for reference, quantity in tried.items():
        receipt = receive(company, reference, quantity)
        assert receipt.replayed == (reference in there)
        if reference in acknowledged:
            assert receipt.posting_id == acknowledged[reference]
        on_hand[company.plain[quantity % 2]] += quantity
    assert broken(on_hand) == []


def test_an_import_survives_the_death_of_its_database(doomed_server, tmp_path):
    conninfo = doomed_server.database()
    url, home, file = doomed_server.url(conninfo), tmp_path / "home", tmp_path / "history.csv"
    expected = write_feed(file, LINES)
    for moment in (
        lambda s: s.status == "applying" and s.at_work,
        lambda s: s.applied_through > 0 and s.at_work,
    ):
        program = start_import(file, url=url, home=home)
        with Watcher(conninfo) as seen:
            wait_for(program, lambda moment=moment, seen=seen: moment(seen))
            doomed_server.kill()
        out, _err = program.communicate(timeout=120)
        assert program.returncode != 0, out
        doomed_server.restart()
    said = import_file(file, url=url, home=home)
    assert said["rows"] == expected["rows"]
    assert_exact(conninfo, expected)
    verify(url=url, home=home)
