"""Lead times learned from receipts (A-05: observed)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from lodestock.kernel.errors import Conflict
from lodestock.partners import selectors, services
from lodestock.partners.models import LeadTimeReceipt, LeadTimeStatistics
from lodestock.partners.tests.factories import MONDAY, a_supplier, observations
from lodestock.partners.types import LeadTimeObservation

pytestmark = pytest.mark.django_db


def test_mean_and_spread_follow_the_receipts():
    acme = a_supplier()
    assert selectors.observed_lead_time(acme.pk) is None
    assert services.observe_lead_times(observations(acme, 10, 12, 14)) == 3
    seen = selectors.observed_lead_time(acme.pk)
    assert (seen.mean_days, seen.sd_days, seen.source) == (Decimal(12), Decimal(2), "observed")
    services.observe_lead_times(observations(acme, 20, first=3))
    assert selectors.observed_lead_time(acme.pk).mean_days == Decimal(14)


def test_what_is_agreed_comes_before_what_is_observed():
    acme, other = a_supplier(), a_supplier("O", lead_time_days_mean=None, lead_time_days_sd=None)
    services.observe_lead_times(observations(acme, 30))
    services.observe_lead_times(observations(other, 30, first=1))
    assert selectors.lead_time(acme.pk).mean_days == Decimal(14)
    assert selectors.supply_dates(other.pk, MONDAY).due_on == MONDAY + timedelta(days=30)


def test_a_receipt_told_twice_counts_once():
    acme = a_supplier()
    told = observations(acme, 10, 12, 14)
    assert services.observe_lead_times(told) == 3
    assert services.observe_lead_times([*told, *told]) == 0
    assert LeadTimeStatistics.objects.get(partner=acme).count == 3


def test_goods_received_before_they_were_ordered_are_no_evidence():
    acme = a_supplier()
    backwards = LeadTimeObservation(acme.pk, "receipt", "1", MONDAY, MONDAY - timedelta(days=1))
    assert services.observe_lead_times([backwards]) == 0
    assert services.observe_lead_times([]) == 0
    assert selectors.observed_lead_time(acme.pk) is None


def test_the_figures_can_be_rebuilt_to_equality():
    acme, other = a_supplier(), a_supplier("OTHER")
    services.observe_lead_times(observations(acme, 10, 12, 14, 3))
    services.observe_lead_times(observations(other, 1, 2, 7, first=100))
    kept = list(LeadTimeStatistics.objects.order_by("partner_id").values())
    LeadTimeStatistics.objects.filter(partner=acme).update(total_days=1)
    assert services.rebuild_lead_times() == 2
    assert list(LeadTimeStatistics.objects.order_by("partner_id").values()) == kept


def test_the_evidence_cannot_be_changed():
    services.observe_lead_times(observations(a_supplier(), 10))
    with pytest.raises(Conflict):
        LeadTimeReceipt.objects.all().delete()
    for statement in ("UPDATE {} SET reference_id = 'x'", "DELETE FROM {}", "TRUNCATE {}"):
        with (
            pytest.raises(Exception, match=r"(?i)cannot|permission denied|append"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format("partners_leadtimereceipt"))


def test_the_database_refuses_a_receipt_before_its_order():
    with pytest.raises(IntegrityError), transaction.atomic():
        LeadTimeReceipt.objects.create(
            partner=a_supplier(),
            reference_type="receipt",
            reference_id="1",
            ordered_on=MONDAY,
            received_on=MONDAY - timedelta(days=1),
        )
