"""A day is the site's day: what expired there is not promised, whatever day it is in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lodestock.catalog import services as catalog
from lodestock.inventory import services as inventory
from lodestock.inventory.types import MovementLine, Place
from lodestock.kernel import clock
from lodestock.locations import services as locations
from lodestock.locations.selectors import virtual_location
from lodestock.organisation import services as organisation

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 3, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time_zone", "held"),
    [("Pacific/Auckland", 0), ("Europe/Berlin", 5), ("America/Los_Angeles", 5)],
)
def test_a_lot_of_the_tenth_is_good_until_the_tenth_ends_at_its_site(monkeypatch, time_zone, held):
    """In Auckland it is already the eleventh; in Berlin and Los Angeles still the tenth."""
    site = organisation.ensure_site(code="S", name="S", currency="EUR", time_zone=time_zone)
    place = locations.create_location(
        site_id=site.pk, kind="warehouse", code=f"W{held}", holds_stock=True
    )
    pill = catalog.create_product(code="PILL", name="Pill", tracking="lot").variants.get()
    lot = inventory.create_lot(variant_id=pill.pk, code="L1", expires_on=date(2026, 3, 10))
    source = Place(virtual_location("supplier"))
    line = MovementLine(pill.pk, Decimal(5), source, Place(place.pk), lot.pk)
    inventory.post_movements(kind="receive", reference_type="test", reference_id="R1", lines=[line])
    monkeypatch.setattr(clock, "now", lambda: EVENING)
    result = inventory.reserve_stock(
        reference_type="test",
        reference_id="S1",
        line_key="1",
        variant_id=pill.pk,
        quantity=Decimal(5),
        location_ids=[place.pk],
        partial=True,
    )
    assert result.held == held
