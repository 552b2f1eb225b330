"""Products and the variants that follow from their options (A-03, D-04, D-05)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from lodestock.catalog import selectors, services
from lodestock.catalog.errors import (
    Duplicate,
    FixedByStock,
    Inactive,
    OptionsConflict,
    UnknownCategory,
    UnknownProduct,
    UnknownUnit,
    UnknownVariant,
)
from lodestock.catalog.models import Product, Variant
from lodestock.catalog.tests.factories import a_product, a_t_shirt, a_variant
from lodestock.catalog.types import OptionSpec
from lodestock.kernel.context import acting
from lodestock.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db

EAN = "4006381333931"


def test_three_colours_in_four_sizes_give_twelve_variants():
    shirt = a_t_shirt()
    variants = list(shirt.variants.all())
    assert len(variants) == 12
    assert len({variant.sku for variant in variants}) == 12
    assert {(v.attributes["colour"], v.attributes["size"]) for v in variants} == {
        (colour, size) for colour in ("red", "green", "blue") for size in ("S", "M", "L", "XL")
    }


def test_every_variant_has_its_own_sku_barcode_and_cost():
    first, second = list(a_t_shirt().variants.order_by("sku"))[:2]
    services.change_variant(variant_id=first.pk, gtin=EAN, standard_cost="3.10", currency="EUR")
    services.change_variant(variant_id=second.pk, standard_cost="3.40", currency="EUR")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.gtin, second.gtin) == ("04006381333931", None)
    assert (first.standard_cost, second.standard_cost) == (Decimal("3.1"), Decimal("3.4"))
    with pytest.raises(Duplicate, match=f"0{EAN} already belongs to {first.sku}"):
        services.change_variant(variant_id=second.pk, gtin=EAN)
    with pytest.raises(Duplicate, match="already is a variant with the SKU"):
        services.change_variant(variant_id=second.pk, sku=first.sku)


def test_a_fourth_colour_creates_four_variants_and_no_product():
    shirt = a_t_shirt()
    before = Product.objects.count()
    new = services.add_option_values(product_id=shirt.pk, option="colour", values=["black"])
    assert sorted(variant.sku for variant in new) == [
        "TSHIRT-BLACK-L",
        "TSHIRT-BLACK-M",
        "TSHIRT-BLACK-S",
        "TSHIRT-BLACK-XL",
    ]
    assert shirt.variants.count() == 16
    assert Product.objects.count() == before


def test_a_new_option_keeps_the_variants_there_are():
    shirt = a_t_shirt()
    before = set(shirt.variants.values_list("id", "sku"))
    new = services.add_option(
        product_id=shirt.pk, option="fit", values=["regular", "slim"], existing="regular"
    )
    assert len(new) == 12
    assert before <= set(shirt.variants.values_list("id", "sku"))
    kept = Variant.objects.filter(pk__in=[pk for pk, _ in before])
    assert {variant.attributes["fit"] for variant in kept} == {"regular"}
    assert all(variant.option_key.endswith("|fit=regular") for variant in kept)


def test_a_product_without_options_has_exactly_one_variant():
    product = a_product()
    assert product.variants.get().sku == "BX-204"
    with pytest.raises(Duplicate, match="already has a variant for no options"):
        services.create_variant(product_id=product.pk, sku="BX-205")
    with pytest.raises(IntegrityError), transaction.atomic():
        Variant.objects.create(product=product, sku="BX-206", name="x")


def test_an_option_that_does_not_fit_is_refused_and_writes_nothing():
    shirt = a_t_shirt()
    with pytest.raises(OptionsConflict, match="no option 'shade'; it has colour, size"):
        services.add_option_values(product_id=shirt.pk, option="shade", values=["x"])
    with pytest.raises(InvalidInput, match="none twice"):
        services.add_option_values(product_id=shirt.pk, option="colour", values=["red"])
    with pytest.raises(OptionsConflict, match="already has the option colour"):
        services.add_option(product_id=shirt.pk, option="colour", values=["x"], existing="x")
    with pytest.raises(OptionsConflict, match="say which one they are"):
        services.add_option(product_id=shirt.pk, option="fit", values=["slim"], existing="wide")
    assert shirt.variants.count() == 12


def test_a_taken_sku_undoes_the_whole_product():
    a_variant("TSHIRT-RED-S")
    with pytest.raises(Duplicate, match="SKU taken or given twice: TSHIRT-RED-S"):
        a_t_shirt()
    assert not Product.objects.filter(code="TSHIRT").exists()


def test_other_skus_may_be_given_by_combination():
    shirt = services.create_product(
        code="TS",
        name="T-shirt",
        options=[OptionSpec("size", ["S", "M"])],
        skus={"size=M": "SPECIAL"},
    )
    assert set(shirt.variants.values_list("sku", flat=True)) == {"TS-S", "SPECIAL"}


def test_a_wrong_check_digit_is_refused_with_the_right_one():
    with pytest.raises(InvalidInput, match="Expected 1, got 2"):
        a_variant(gtin="4006381333932")


@pytest.mark.parametrize("gtin", ["40063813339", "ABC", "4006381333931 1", "٤٠٠٦٣٨١٣٣٣٩٣١"])
def test_what_is_no_gtin_is_refused(gtin):
    with pytest.raises(InvalidInput) as refused:
        a_variant(gtin=gtin)
    assert refused.value.field == "gtin"


def test_one_number_is_one_number_in_every_length():
    a_variant("A", gtin="96385074")
    with pytest.raises(Duplicate):
        a_variant("B", gtin="00000096385074")
    assert selectors.variant_by_gtin("96385074").sku == "A"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "x" * 65}, "code"),
        ({"code": "a\x00b"}, "code"),
        ({"name": " "}, "name"),
        ({"kind": "gadget"}, "kind"),
        ({"tracking": "maybe"}, "tracking"),
        ({"standard_cost": "-1", "currency": "EUR"}, "standard_cost"),
        ({"standard_cost": 1.5, "currency": "EUR"}, "standard_cost"),
        ({"standard_cost": "1", "currency": "XXQ"}, "currency"),
        ({"weight_kg": "0"}, "weight_kg"),
        ({"weight_kg": "NaN"}, "weight_kg"),
        ({"shelf_life_days": 0}, "shelf_life_days"),
        ({"hazard_class": "99"}, "hazard_class"),
        ({"attributes": []}, "attributes"),
        ({"no_such_field": 1}, "no_such_field"),
    ],
)
def test_bad_values_are_refused_by_field_and_leave_nothing(fields, field):
    given = {"code": "P", "name": "P"} | fields
    with pytest.raises(InvalidInput) as refused:
        services.create_product(**given)
    assert refused.value.field == field
    assert not Product.objects.exists()


def test_unknown_units_categories_and_products_are_named():
    with pytest.raises(UnknownUnit, match=r"'crate'; known are .*each"):
        a_product(base_uom="crate")
    with pytest.raises(UnknownCategory):
        a_product(category_id=10**9)
    with pytest.raises(UnknownProduct):
        services.create_variant(product_id=10**9, sku="X")
    with pytest.raises(UnknownVariant, match="SKU 'NOPE': create it first"):
        selectors.variant_by_sku("NOPE")


def test_the_base_unit_never_changes():
    product = a_product()
    with pytest.raises(FixedByStock, match="BX-204 is counted in each"):
        services.change_product(product_id=product.pk, base_uom="kg")
    assert services.change_product(product_id=product.pk, base_uom="each") == product
    with (
        pytest.raises(IntegrityError, match="base unit of product BX-204 is fixed"),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE catalog_product SET base_uom_id = (SELECT id FROM organisation_uom"
            " WHERE code = 'kg') WHERE id = %s",
            [product.pk],
        )


def test_a_retired_product_retires_its_variants_and_brings_them_back():
    shirt = a_t_shirt()
    services.deactivate_product(product_id=shirt.pk, reason="season over")
    assert not shirt.variants.active().exists()
    variant = shirt.variants.first()
    with pytest.raises(Inactive, match=r"TSHIRT of .* is retired: restore it first"):
        services.restore_variant(variant_id=variant.pk)
    with pytest.raises(Inactive):
        services.add_option_values(product_id=shirt.pk, option="colour", values=["black"])
    with pytest.raises(Inactive, match="is retired: restore it, or choose another"):
        selectors.variant_by_sku(variant.sku, active=True)
    services.restore_product(product_id=shirt.pk)
    assert shirt.variants.active().count() == 12


def test_attributes_merge_and_options_stay():
    variant = a_t_shirt().variants.order_by("sku").first()
    services.change_variant(variant_id=variant.pk, attributes={"material": "cotton"})
    services.change_variant(variant_id=variant.pk, attributes={"weave": "twill", "material": None})
    variant.refresh_from_db()
    assert variant.attributes == {"colour": "blue", "size": "L", "weave": "twill"}
    with pytest.raises(InvalidInput, match="colour is an option of TSHIRT"):
        services.change_variant(variant_id=variant.pk, attributes={"colour": "pink"})


def test_every_change_is_in_the_history_with_its_reason():
    variant = a_variant()
    with acting(actor_id=7, reason="new price list"):
        services.change_variant(variant_id=variant.pk, standard_cost="2.5", currency="EUR")
    entry = variant.history().first()
    assert (entry.actor_id, entry.reason) == (7, "new price list")
    assert entry.pairs["standard_cost"] == (None, Decimal("2.5"))
