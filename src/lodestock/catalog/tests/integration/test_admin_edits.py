"""What is edited in the back office goes the way of the services: rules, events, history."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from lodestock.catalog import services
from lodestock.catalog.models import Category, Product, Variant, VariantUom
from lodestock.catalog.tests.factories import a_t_shirt, a_variant
from lodestock.eventstore.models import Event
from lodestock.kernel.testing.back_office import newest, page, send, told
from lodestock.organisation.models import Uom

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Any:
    return get_user_model().objects.create_superuser("anna", "a@example.com", "x")


@pytest.fixture
def office(client: Client, anna: Any) -> Client:
    client.force_login(anna)
    return client


def test_an_edited_product_leaves_an_event_and_history_with_the_user(office, anna) -> None:
    product = a_variant().product
    tools = services.create_category(code="TOOLS", name="Tools")
    assert send(office, page(product), name="Toolbox", category=tools.pk) is None
    name, actor, payload = told(product)[-1]
    assert (name, actor) == ("ProductChanged", anna.pk)
    assert payload["changes"] == {"name": ["Box BX-204", "Toolbox"], "category": [None, "TOOLS"]}
    assert newest(product) == (anna.pk, "back office", {"name", "category_id"})


def test_a_form_sent_without_a_change_leaves_nothing(office) -> None:
    product = a_variant().product
    before = Event.objects.count(), product.history().count()
    assert send(office, page(product)) is None
    assert (Event.objects.count(), product.history().count()) == before


def test_an_edited_variant_is_told_with_old_and_new(office, anna) -> None:
    variant = a_variant(attributes={"voltage": 230, "colour": "red"})
    edits = {"gtin": "4006381333931", "attributes": '{"voltage": 110}', "weight_kg": "1.5"}
    assert send(office, page(variant), **edits) is None
    name, actor, payload = told(variant)[-1]
    assert (name, actor) == ("VariantChanged", anna.pk)
    assert payload["changes"]["gtin"] == [None, "04006381333931"]
    assert payload["changes"]["attributes"][1] == {"voltage": 110}
    actor, _, changed = newest(variant)
    assert (actor, changed) == (anna.pk, {"gtin", "attributes", "weight_kg"})


@pytest.mark.parametrize(
    ("field", "value"), [("gtin", "4006381333932"), ("sku", "TAKEN"), ("shelf_life_days", "99999")]
)
def test_what_a_service_refuses_stands_beside_its_field_and_is_not_saved(
    office, field, value
) -> None:
    variant = a_variant()
    a_variant("TAKEN")
    before = Event.objects.count(), variant.history().count()
    form = send(office, page(variant), **{field: value})
    assert form is not None
    assert list(form.errors) == [field]
    assert (Event.objects.count(), variant.history().count()) == before


def test_a_product_retired_by_its_box_or_by_delete_retires_its_variants(office, anna) -> None:
    shirt = a_t_shirt()
    for retire in (
        lambda: send(office, page(shirt), active=False),
        lambda: office.post(page(shirt, "delete"), {"post": "yes"}) and None,
    ):
        assert retire() is None
        assert not Product.objects.get(pk=shirt.pk).active
        for variant in Variant.objects.filter(product=shirt):
            assert not variant.active
            assert told(variant)[-1][:2] == ("VariantDeactivated", anna.pk)
            assert newest(variant)[:2] == (anna.pk, "back office")
        assert send(office, page(shirt), active=True) is None
        assert told(variant)[-1][0] == "VariantChanged"
        assert Variant.objects.get(pk=variant.pk).active


def test_a_variant_deleted_from_the_list_is_told(office, anna) -> None:
    variant = a_variant()
    chosen = {"action": "delete_selected", "_selected_action": [variant.pk], "post": "yes"}
    office.post("/admin/catalog/variant/", chosen)
    assert told(variant)[-1][:2] == ("VariantDeactivated", anna.pk)
    assert not Variant.objects.get(pk=variant.pk).active


def test_a_pack_stated_in_the_back_office_follows_the_rules_of_numbers(office) -> None:
    box, other = a_variant(), a_variant("OTHER", gtin="4006381333931")
    case = Uom.objects.get(code="case")
    given = {"variant": box.pk, "uom": case.pk, "numerator": 12, "denominator": 1}
    form = send(office, "/admin/catalog/variantuom/add/", **given, gtin=other.gtin)
    assert form is not None
    assert list(form.errors) == ["gtin"]
    assert send(office, "/admin/catalog/variantuom/add/", **given, gtin="14006381333938") is None
    pack = VariantUom.objects.get()
    assert send(office, page(pack), numerator=24, denominator=2) is None
    pack.refresh_from_db()
    assert (pack.numerator, pack.denominator, pack.gtin) == (12, 1, "14006381333938")


def test_categories_move_and_rename_by_their_verbs(office) -> None:
    top = services.create_category(code="A", name="Top")
    low = services.create_category(code="B", name="Low", parent_id=top.pk)
    form = send(office, page(top), parent=low.pk)
    assert form is not None
    assert list(form.errors) == ["parent"]
    assert send(office, page(low), parent="", name="High") is None
    assert Category.objects.values_list("parent", "name").get(pk=low.pk) == (None, "High")
    add = {"code": "C", "name": "New", "parent": top.pk, "position": 3}
    assert send(office, "/admin/catalog/category/add/", **add) is None
    assert Category.objects.get(code="C").parent_id == top.pk
