"""Master data meets the ledger: units of a receipt, stock of a variant, places that add up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lodestock.catalog import selectors as catalog_selectors
from lodestock.catalog import services as catalog
from lodestock.catalog.errors import FixedByStock
from lodestock.catalog.types import OptionSpec
from lodestock.config.wiring import wire
from lodestock.inventory import selectors as inventory_selectors
from lodestock.inventory import services as inventory
from lodestock.inventory.types import MovementLine, Place
from lodestock.locations import selectors as places
from lodestock.locations import services as locations
from lodestock.locations.errors import HoldsStock
from lodestock.locations.models import Location
from lodestock.organisation import services as organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def warehouse():
    wire()
    site = organisation.ensure_site(
        code="HQ", name="Headquarters", currency="EUR", time_zone="Europe/Berlin"
    )
    warehouse = locations.create_location(site_id=site.pk, kind="warehouse", code="WH1")
    locations.generate_locations(parent_id=warehouse.pk, pattern="Z{1..2}/A{1..2}/R{1..2}/B{1..3}")
    return warehouse


def receive(variant_id: int, quantity: object, uom: str, location_id: int, number: str) -> None:
    """A receipt as the floor states it: so many of a unit, into a place."""
    line = MovementLine(
        variant_id,
        catalog_selectors.to_base(variant_id, quantity, uom),
        Place(places.virtual_location("SUPPLIER")),
        Place(location_id),
    )
    inventory.post_movements(
        kind="receive", reference_type="test", reference_id=number, lines=[line]
    )


def test_a_receipt_of_two_pallets_raises_on_hand_by_960_each(warehouse):
    box = catalog.create_product(code="BX-204", name="Box").variants.get()
    catalog.set_unit(variant_id=box.pk, uom="case", factor=12)
    catalog.set_unit(variant_id=box.pk, uom="pallet", factor=480)
    receive(box.pk, 5, "each", warehouse.pk, "R1")
    receive(box.pk, 2, "pallet", warehouse.pk, "R2")
    assert inventory_selectors.balance_at(box.pk, warehouse.pk).on_hand == 5 + 960


def test_every_variant_of_a_product_has_its_own_stock(warehouse):
    shirt = catalog.create_product(
        code="TSHIRT", name="T-shirt", options=[OptionSpec("size", ["S", "M", "L"])]
    )
    small, medium, large = shirt.variants.order_by("id")
    receive(small.pk, 10, "each", warehouse.pk, "R1")
    receive(medium.pk, 7, "dozen", warehouse.pk, "R2")
    on_hand = {v.sku: inventory_selectors.on_hand_total(v.pk) for v in (small, medium, large)}
    assert on_hand == {"TSHIRT-S": 10, "TSHIRT-M": 84, "TSHIRT-L": 0}


def test_stock_of_a_place_is_the_sum_of_what_lies_in_it(warehouse):
    box = catalog.create_product(code="BX-204", name="Box").variants.get()
    bins = Location.objects.filter(kind="bin").order_by("path")
    for number, place in enumerate(bins, start=1):
        receive(box.pk, number, "each", place.pk, f"R{number}")

    def held(location_id: int) -> Decimal:
        return inventory_selectors.on_hand_total(box.pk, location_ids=places.subtree(location_id))

    assert held(warehouse.pk) == sum(range(1, 25))
    for location in places.subtree_of(warehouse.pk).exclude(kind="bin"):
        below = location.children.values_list("id", flat=True)
        assert held(location.pk) == sum(held(key) for key in below), location.path


def test_a_place_with_goods_stays_open_until_they_are_gone(warehouse):
    box = catalog.create_product(code="BX-204", name="Box").variants.get()
    place = places.location_by_path("WH1/Z1/A1/R1/B1")
    zone = places.location_by_path("WH1/Z1")
    receive(box.pk, 3, "each", place.id, "R1")
    with pytest.raises(HoldsStock, match="there is stock in WH1/Z1/A1/R1/B1"):
        locations.close_location(location_id=zone.id)
    away = MovementLine(
        box.pk, Decimal(3), Place(place.id), Place(places.location_by_path("WH1/Z2").id)
    )
    inventory.post_movements(
        kind="transfer", reference_type="test", reference_id="T1", lines=[away]
    )
    locations.close_location(location_id=zone.id)
    assert places.location_by_path(place.path).status == "closed"


def test_tracking_does_not_change_under_stock_that_cannot_meet_it(warehouse):
    box = catalog.create_product(code="BX-204", name="Box").variants.get()
    catalog.change_variant(variant_id=box.pk, tracking="lot")
    catalog.change_variant(variant_id=box.pk, tracking="none")
    receive(box.pk, 3, "each", warehouse.pk, "R1")
    with pytest.raises(FixedByStock, match="BX-204 has stock that does not meet this tracking"):
        catalog.change_variant(variant_id=box.pk, tracking="lot")
    assert catalog_selectors.variant_by_sku("BX-204").tracking == "none"
