"""Many callers at once get different numbers and never wait for each other."""

from __future__ import annotations

import threading

from django.db import connection, connections

from lodestock.kernel.db import transaction
from lodestock.organisation import services

CALLERS, EACH = 8, 25


def test_many_callers_get_different_numbers(committing_db):
    """The first callers of a series also race to make its sequence."""
    start, taken, failed = threading.Barrier(CALLERS), [], []

    def take() -> None:
        try:
            start.wait(10)
            for _ in range(EACH):
                with transaction():
                    taken.extend(services.next_numbers("receipt", 2))
        except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert len(taken) == len(set(taken)) == CALLERS * EACH * 2


def test_an_open_transaction_keeps_nobody_waiting(committing_db):
    services.next_number("receipt")
    with transaction():
        mine = services.next_number("receipt")
        theirs: list[str] = []

        def take() -> None:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '2s'")
                theirs.append(services.next_number("receipt"))
            finally:
                connections.close_all()

        other = threading.Thread(target=take)
        other.start()
        other.join(20)
    assert theirs
    assert mine not in theirs


def test_a_rolled_back_document_leaves_a_gap(committing_db):
    services.next_number("receipt")
    try:
        with transaction():
            lost = services.next_number("receipt")
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert services.next_number("receipt") > lost
