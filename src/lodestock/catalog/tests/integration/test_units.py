"""Units of variants in the database (A-02; the receipt in pallets is tested with the ledger)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lodestock.catalog import selectors, services
from lodestock.catalog.errors import Duplicate, NoConversion, UnknownUnit, UnknownVariant
from lodestock.catalog.tests.factories import a_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def box():
    variant = a_variant()
    services.set_unit(variant_id=variant.pk, uom="case", factor=12, gtin="14006381333938")
    services.set_unit(variant_id=variant.pk, uom="pallet", factor=480)
    return variant


def test_two_pallets_are_960_each_and_back(box):
    assert selectors.to_base(box.pk, 2, "pallet") == Decimal(960)
    assert selectors.from_base(box.pk, 960, "pallet") == Decimal(2)


def test_kg_needs_a_factor_of_that_variant(box):
    other = a_variant("OTHER")
    services.set_unit(variant_id=other.pk, uom="kg", factor="10/3")
    assert selectors.to_base(other.pk, 3, "kg") == Decimal(10)
    with pytest.raises(NoConversion, match="BX-204 is counted in each and has no factor for kg"):
        selectors.to_base(box.pk, 3, "kg")


def test_many_lines_cost_three_statements(box, django_assert_num_queries):
    variants = [a_variant(f"V{n}") for n in range(20)]
    lines = [(variant.pk, 2, "dozen") for variant in variants] + [(box.pk, 1, "case")]
    with django_assert_num_queries(3):
        answers = selectors.to_base_many(lines)
    assert answers == [Decimal(24)] * 20 + [Decimal(12)]


def test_a_pack_is_found_by_the_number_on_it(box):
    assert selectors.variant_by_gtin("14006381333938").id == box.pk
    with pytest.raises(Duplicate, match="every pack has its own"):
        services.set_unit(variant_id=box.pk, uom="pallet", factor=480, gtin="14006381333938")
    with pytest.raises(Duplicate, match="already belongs to BX-204"):
        a_variant("OTHER", gtin="14006381333938")


def test_a_factor_is_stated_anew_and_taken_away(box):
    services.set_unit(variant_id=box.pk, uom="case", factor=24)
    assert selectors.to_base(box.pk, 1, "case") == Decimal(24)
    services.remove_unit(variant_id=box.pk, uom="case")
    with pytest.raises(NoConversion):
        selectors.to_base(box.pk, 1, "case")
    with pytest.raises(NoConversion, match="no unit case of its own"):
        services.remove_unit(variant_id=box.pk, uom="case")
    services.set_unit(variant_id=box.pk, uom="case", factor=6)
    assert selectors.to_base(box.pk, 1, "case") == Decimal(6)


def test_what_makes_no_sense_is_refused(box):
    with pytest.raises(NoConversion, match="one each is one each"):
        services.set_unit(variant_id=box.pk, uom="each", factor=2)
    with pytest.raises(UnknownUnit):
        services.set_unit(variant_id=box.pk, uom="crate", factor=2)
    with pytest.raises(UnknownVariant):
        selectors.to_base(10**9, 1, "each")
    with pytest.raises(UnknownVariant):
        selectors.to_base_many([(box.pk, 1, "case"), (10**9, 1, "each")])
