"""Many processes see the same thing at the same moment: one case."""

from __future__ import annotations

import threading

from lodestock.attention import services
from lodestock.attention.models import ExceptionCase
from lodestock.eventstore.models import Event
from lodestock.eventstore.tests.support import in_threads


def test_eight_rivals_open_one_case(committing_db):
    barrier = threading.Barrier(8)

    def see():
        barrier.wait()
        for subject in range(5):
            services.open_case(
                rule="stock.negative",
                severity="high",
                subject_type="catalog.variant",
                subject_id=subject + 1,
                title="Negative stock",
            )

    in_threads(*[see] * 8)
    assert ExceptionCase.objects.count() == 5
    assert set(ExceptionCase.objects.values_list("count", flat=True)) == {8}
    assert Event.objects.filter(event_type="ExceptionOpened").count() == 5


def test_one_closes_while_others_see_it_no_sighting_is_lost(committing_db):
    def see():
        for _ in range(20):
            services.open_case(
                rule="r", severity="low", subject_type="t", subject_id=1, title="again"
            )

    def close():
        for _ in range(10):
            services.close_case(rule="r", subject_type="t", subject_id=1)

    in_threads(see, see, close)
    assert sum(ExceptionCase.objects.values_list("count", flat=True)) == 40
