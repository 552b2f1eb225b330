"""The same rows arrive twice at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from lodestock.catalog import services
from lodestock.catalog.models import Product, Variant
from lodestock.catalog.tests.factories import a_t_shirt
from lodestock.catalog.types import VariantSpec
from lodestock.eventstore.models import Event

WORKERS = 4


def at_once(work) -> list:
    barrier = Barrier(WORKERS)

    def run(number: int):
        barrier.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


def test_concurrent_imports_of_the_same_rows_create_each_once(committing_db):
    rows = [VariantSpec(sku=f"S{n}", name=f"Thing {n}") for n in range(200)]

    def work(number: int):
        return services.ensure_variants(rows if number % 2 else rows[::-1])

    answers = at_once(work)
    assert all(dict(answer) == dict(answers[0]) for answer in answers)
    assert sum(len(answer.created) for answer in answers) == 200
    assert Variant.objects.count() == Product.objects.count() == 200
    assert Event.objects.filter(event_type="VariantCreated").count() == 200


def test_colours_added_at_once_all_arrive(committing_db):
    shirt = a_t_shirt()

    def work(number: int):
        return services.add_option_values(
            product_id=shirt.pk, option="colour", values=[f"shade{number}"]
        )

    assert [len(new) for new in at_once(work)] == [4] * WORKERS
    shirt.refresh_from_db()
    assert len(shirt.options[0]["values"]) == 3 + WORKERS
    assert shirt.variants.count() == 12 + 4 * WORKERS
