"""Variants by the thousand: created once, changed only where something differs."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lodestock.catalog import selectors, services
from lodestock.catalog.errors import Duplicate, FixedByStock, UnknownCategory
from lodestock.catalog.models import Product, Variant
from lodestock.catalog.tests.factories import a_t_shirt, a_variant
from lodestock.catalog.types import VariantSpec
from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.models import History

pytestmark = pytest.mark.django_db

EAN = "4006381333931"


def specs(count: int, **fields: object) -> list[VariantSpec]:
    given = {"standard_cost": Decimal("1.5"), "currency": "EUR"} | fields
    return [VariantSpec(sku=f"S{n}", name=f"Thing {n}", **given) for n in range(count)]


def test_the_statements_do_not_grow_with_the_rows():
    def statements(rows: list[VariantSpec]) -> int:
        with CaptureQueriesContext(connection) as captured:
            services.ensure_variants(rows)
        return len(captured)

    few = statements([VariantSpec(sku=f"few {n}") for n in range(5)])
    many = statements([VariantSpec(sku=f"many {n}") for n in range(500)])
    assert many == few <= 20


def test_five_thousand_variants_in_a_moment():
    """The target is a second on a quiet machine; a loaded one gets three times as much."""
    rows = specs(5_000)
    started = time.process_time()
    created = services.ensure_variants(rows)
    ours = time.process_time() - started
    assert len(created.created) == Variant.objects.count() == Product.objects.count() == 5_000
    started = time.process_time()
    again = services.ensure_variants(rows)
    assert len(again.unchanged) == 5_000
    assert ours < 3.0
    assert time.process_time() - started < 1.5


def test_a_second_time_nothing_is_written():
    services.ensure_variants(specs(50, factors={"case": 12}))
    before = History.objects.count()
    again = services.ensure_variants(specs(50, factors={"case": 12}))
    assert again.unchanged == set(again)
    assert History.objects.count() == before


def test_only_rows_that_differ_are_written():
    services.ensure_variants(specs(50))
    changed = services.ensure_variants(
        [*specs(49), VariantSpec(sku="S49", standard_cost=Decimal("1.6"), currency="EUR")]
    )
    assert changed.changed == {"S49"}
    kept = Variant.objects.get(sku="S49")
    assert (kept.standard_cost, kept.name) == (Decimal("1.6"), "Thing 49")
    assert History.objects.filter(table_name="catalog_variant", operation="update").count() == 1


def test_what_is_not_stated_stays():
    services.ensure_variants([VariantSpec(sku="S", name="Thing", attributes={"a": 1}, gtin=EAN)])
    again = services.ensure_variants([VariantSpec(sku="S", attributes={"b": 2})])
    kept = Variant.objects.get(sku="S")
    assert again.changed == {"S"}
    assert (kept.attributes, kept.gtin, kept.name) == ({"a": 1, "b": 2}, f"0{EAN}", "Thing")


def test_without_update_known_rows_are_left_alone():
    services.ensure_variants(specs(3))
    again = services.ensure_variants(
        [VariantSpec(sku=f"S{n}", name="other", factors={"case": 6}) for n in range(4)],
        update=False,
    )
    assert (again.created, again.changed) == ({"S3"}, set())
    assert Variant.objects.get(sku="S0").name == "Thing 0"
    assert selectors.to_base(again["S3"], 1, "case") == 6


def test_rows_of_one_sku_are_read_as_one():
    rows = [VariantSpec(sku="S", name="first"), VariantSpec(sku="S", name="last", gtin=EAN)]
    assert services.ensure_variants(rows).created == {"S"}
    kept = Variant.objects.get(sku="S")
    assert (kept.name, kept.gtin) == ("last", f"0{EAN}")


def test_bad_rows_are_named_and_leave_the_others_alone():
    a_variant("TAKEN", gtin=EAN)
    a_variant("KG", base_uom="kg")
    answer = services.ensure_variants(
        [
            VariantSpec(sku="good"),
            VariantSpec(sku="twice", gtin=EAN),
            VariantSpec(sku="digit", gtin="4006381333932"),
            VariantSpec(sku="kind", kind="gadget"),
            VariantSpec(sku="nowhere", category_code="no such"),
            VariantSpec(sku="KG2", product_code="KG", base_uom="each"),
            VariantSpec(sku="unit", factors={"each": 2}),
            VariantSpec(sku=""),
        ],
        strict=False,
    )
    assert {sku: type(error) for sku, error in answer.refused.items()} == {
        "twice": Duplicate,
        "digit": InvalidInput,
        "kind": InvalidInput,
        "nowhere": UnknownCategory,
        "KG2": FixedByStock,
        "unit": services_error("unit", answer),
        "": InvalidInput,
    }
    assert answer.created == {"good", "unit"}


def services_error(sku: str, answer: services.Ensured) -> type[Exception]:
    return type(answer.refused[sku])


def test_strict_means_all_or_nothing():
    with pytest.raises(InvalidInput):
        services.ensure_variants([VariantSpec(sku="good"), VariantSpec(sku="bad", kind="gadget")])
    assert not Variant.objects.exists()


def test_a_second_variant_of_a_plain_product_is_refused():
    with pytest.raises(Duplicate, match="P has the variant A for no options; B would be a second"):
        services.ensure_variants(
            [VariantSpec(sku="A", product_code="P"), VariantSpec(sku="B", product_code="P")]
        )


def test_a_combination_of_a_product_with_options_can_be_imported():
    shirt = a_t_shirt()
    services.add_option_values(product_id=shirt.pk, option="colour", values=["black"])
    Variant.objects.filter(sku="TSHIRT-BLACK-S").update(sku="old name")
    answer = services.ensure_variants(
        [VariantSpec(sku="NEW", product_code="TSHIRT", options={"colour": "black", "size": "S"})],
        strict=False,
    )
    assert "TSHIRT has the variant old name for colour=black|size=S" in str(answer.refused["NEW"])


def test_two_skus_with_one_gtin_are_both_refused():
    answer = services.ensure_variants(
        [VariantSpec(sku="A", gtin=EAN), VariantSpec(sku="B", gtin=EAN)], strict=False
    )
    assert set(answer.refused) == {"A", "B"}
    assert "stated for several SKUs" in str(answer.refused["A"])
