"""Attributes without a migration, found through their index (D-06)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from lodestock.catalog import selectors, services
from lodestock.catalog.models import Variant
from lodestock.catalog.tests.factories import a_variant
from lodestock.catalog.types import VariantSpec

pytestmark = pytest.mark.django_db

INDEX = "catalog_variant_attributes"


@pytest.fixture
def many_variants(as_owner):
    services.ensure_variants(
        VariantSpec(
            sku=f"S{n}",
            attributes={"voltage": 230 if n % 50 == 0 else 1_000 + n, "colour": f"shade {n % 40}"},
        )
        for n in range(2_000)
    )
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_variant")


def test_a_filter_on_any_attribute_uses_the_gin_index(many_variants):
    rows = Variant.objects.filter(attributes__voltage=230)
    assert rows.count() == 40
    plan = rows.order_by().explain()
    assert f"Bitmap Index Scan on {INDEX}" in plan
    assert "Seq Scan" not in plan
    assert INDEX in selectors.variants_with(voltage=230, colour="shade 0").order_by().explain()


@pytest.mark.parametrize(
    "value", ["red", 230, Decimal("0.05"), True, ["S", "M"], Decimal("12345678901234567890.125")]
)
def test_values_of_every_sort_are_kept_and_found_exactly(value):
    variant = a_variant(attributes={"thing": value})
    variant.refresh_from_db()
    assert variant.attributes == {"thing": value}
    assert type(variant.attributes["thing"]) is type(value)
    assert selectors.variants_with(thing=value).get() == variant


def test_equal_means_equal_not_contained():
    a_variant("A", attributes={"sizes": ["S", "M"]})
    a_variant("B", attributes={"sizes": ["S", "M", "L"]})
    assert selectors.variants_with(sizes=["S", "M"]).get().sku == "A"
    assert not selectors.variants_with(sizes="S").exists()


def test_a_number_and_its_text_are_two_things():
    a_variant("A", attributes={"voltage": 230})
    a_variant("B", attributes={"voltage": "230"})
    assert selectors.variants_with(voltage=230).get().sku == "A"
    assert selectors.variants_with(voltage="230").get().sku == "B"


def test_other_lookups_of_django_still_work():
    a_variant("A", attributes={"voltage": 230, "colour": "dark red"})
    rows = Variant.objects
    assert rows.filter(attributes__voltage__gte=200).exists()
    assert rows.filter(attributes__colour__icontains="RED").exists()
    assert rows.filter(attributes__has_key="colour").exists()
    assert rows.filter(attributes__size__isnull=True).exists()
    assert rows.exclude(attributes__voltage=12).exists()
