"""Receipts of one supplier arrive on several connections at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from lodestock.partners import services
from lodestock.partners.models import LeadTimeStatistics
from lodestock.partners.tests.factories import a_supplier, observations
from lodestock.partners.types import PartnerSpec


def run_all(work, count: int = 4) -> list:
    def one(number: int):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_every_receipt_is_counted_exactly_once(committing_db):
    acme = a_supplier()
    shared = observations(acme, *([10] * 50))

    def work(number: int) -> int:
        own = observations(acme, *([20] * 25), first=1_000 * (number + 1))
        return services.observe_lead_times([*shared, *own])

    assert sum(run_all(work)) == 50 + 4 * 25
    kept = LeadTimeStatistics.objects.get(partner=acme)
    assert (kept.count, kept.total_days) == (150, 50 * 10 + 100 * 20)
    before = LeadTimeStatistics.objects.values().get()
    services.rebuild_lead_times()
    assert LeadTimeStatistics.objects.values().get() == before


def test_concurrent_imports_create_each_partner_once(committing_db):
    rows = [PartnerSpec(code=f"C{n}", roles=["customer"]) for n in range(200)]
    answers = run_all(lambda n: services.ensure_partners(rows if n % 2 else rows[::-1]))
    assert all(dict(answer) == dict(answers[0]) for answer in answers)
    assert sum(len(answer.created) for answer in answers) == 200
