"""The catalogue over HTTP."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from lodestock.accounts.services import create_user
from lodestock.accounts.types import Role
from lodestock.catalog import services
from lodestock.catalog.models import Product, Variant
from lodestock.catalog.tests.factories import a_category_line, a_product, a_t_shirt, a_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    client = APIClient()
    user = create_user(username="paula", password="correct horse battery", roles=[Role.PURCHASER])
    client.force_authenticate(user)
    return client


def test_a_product_with_options_is_created_and_grows(api):
    answer = api.post(
        "/api/v1/products",
        {
            "code": "TSHIRT",
            "name": "T-shirt",
            "options": [
                {"name": "colour", "values": ["red", "green", "blue"]},
                {"name": "size", "values": ["S", "M", "L", "XL"]},
            ],
        },
        format="json",
    )
    assert answer.status_code == 201, answer.json()
    product = answer.json()
    assert (product["base_uom"], product["kind"]) == ("each", "product")
    listed = api.get("/api/v1/variants", {"product": product["sqid"]}).json()
    assert listed["count"] == 12
    grown = api.post(
        f"/api/v1/products/{product['sqid']}/add-option-values",
        {"option": "colour", "values": ["black"]},
        format="json",
    )
    assert grown.status_code == 200, grown.json()
    assert [row["attributes"]["colour"] for row in grown.json()] == ["black"] * 4
    assert api.get("/api/v1/products").json()["count"] == 1


def test_a_taken_code_is_a_conflict_with_its_field(api):
    a_product("BX-204")
    answer = api.post("/api/v1/products", {"code": "BX-204", "name": "Again"}, format="json")
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["field"]) == ("duplicate", "code")
    assert problem["detail"] == "There already is a product with the code 'BX-204'."


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "no code"}, "code"),
        ({"code": "P", "name": "P", "base_uom": "crate"}, "uom"),
        ({"code": "P", "name": "P", "kind": "gadget"}, "kind"),
        ({"code": "P", "name": "P", "id": 5}, "id"),
        ({"code": "P", "name": "P", "category": "zzzzzz"}, "category"),
        ({"code": "P", "name": "P", "options": [{"name": "a", "values": []}]}, "options[0].values"),
    ],
)
def test_bad_input_is_refused_by_field_and_leaves_nothing(api, body, field):
    answer = api.post("/api/v1/products", body, format="json")
    assert answer.status_code == 400, answer.json()
    assert answer.json()["field"] == field
    assert not Product.objects.exists()


def test_a_category_filter_returns_what_lies_below_it(api):
    line = a_category_line(6)
    for number, category in enumerate(line):
        a_product(f"P{number}", category_id=category.pk)
    found = api.get("/api/v1/products", {"category": line[2].sqid}).json()["results"]
    assert [row["code"] for row in found] == ["P2", "P3", "P4", "P5"]
    skus = api.get("/api/v1/variants", {"category": line[4].sqid}).json()["results"]
    assert [row["sku"] for row in skus] == ["P4", "P5"]
    below = api.get("/api/v1/categories", {"under": line[3].sqid}).json()["results"]
    assert [row["code"] for row in below] == ["c3", "c4", "c5"]


def test_a_cycle_of_categories_is_a_conflict(api):
    line = a_category_line(3)
    answer = api.patch(
        f"/api/v1/categories/{line[0].sqid}", {"parent": line[2].sqid}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "category_cycle")


def test_attributes_are_filtered_by_name(api):
    a_variant("A", attributes={"voltage": 230, "colour": "red", "sealed": True})
    a_variant("B", attributes={"voltage": "230", "colour": "red"})
    a_variant("C", attributes={"voltage": 12})

    def found(**params):
        return [row["sku"] for row in api.get("/api/v1/variants", params).json()["results"]]

    assert found(attributes__voltage="230") == ["A", "B"]
    assert found(attributes__voltage="230", attributes__sealed="true") == ["A"]
    assert found(attributes__colour="green") == []
    assert api.get("/api/v1/variants", {"attributes__a__b": "1"}).status_code == 400


def test_numbers_in_attributes_survive_the_round_trip(api):
    variant = a_variant()
    address = f"/api/v1/variants/{variant.sqid}"
    sent = {"ratio": 0.1, "voltage": 230, "name": "0.1", "on": False, "sizes": [1, 2.5]}
    assert api.patch(address, {"attributes": sent}, format="json").json()["attributes"] == sent
    again = api.patch(address, {"attributes": sent}, format="json")
    assert again.json()["attributes"] == sent
    assert Variant.objects.get().history().count() == 2


def test_a_barcode_with_a_wrong_check_digit_is_refused(api):
    variant = a_variant()
    answer = api.patch(f"/api/v1/variants/{variant.sqid}", {"gtin": "4006381333932"}, format="json")
    assert (answer.status_code, answer.json()["field"]) == (400, "gtin")
    good = api.patch(f"/api/v1/variants/{variant.sqid}", {"gtin": "4006381333931"}, format="json")
    assert good.json()["gtin"] == "04006381333931"
    assert api.get("/api/v1/variants", {"gtin": "4006381333931"}).json()["count"] == 1


def test_quantities_are_converted_exactly_or_refused(api):
    variant = a_variant()
    for uom, factor in (("case", "12"), ("pallet", "480")):
        made = api.post(
            "/api/v1/variant-units",
            {"variant": variant.sqid, "uom": uom, "factor": factor},
            format="json",
        )
        assert made.status_code == 201, made.json()
    address = f"/api/v1/variants/{variant.sqid}/convert"
    assert api.get(address, {"quantity": "2", "uom": "pallet"}).json() == {
        "quantity": "2.000000",
        "uom": "pallet",
        "to": "each",
        "result": "960.000000",
        "factor": "480",
    }
    assert (
        api.get(address, {"quantity": "2", "uom": "pallet", "to": "case"}).json()["factor"] == "40"
    )
    refused = api.get(address, {"quantity": "1", "uom": "kg"})
    assert (refused.status_code, refused.json()["code"]) == (400, "no_conversion")
    uneven = api.get(address, {"quantity": "1", "uom": "each", "to": "case"})
    assert (uneven.status_code, uneven.json()["code"]) == (400, "inexact_conversion")
    for bad in ("0", "-1", "NaN", "1e30", "0.0000001", "x", ""):
        assert api.get(address, {"quantity": bad, "uom": "case"}).status_code == 400, bad


def test_what_a_variant_is_cannot_be_changed(api):
    variant, other = a_t_shirt().variants.order_by("sku").first(), a_product("OTHER")
    address = f"/api/v1/variants/{variant.sqid}"
    assert api.patch(address, {"product": other.sqid}, format="json").status_code == 409
    assert api.patch(address, {"option_key": "x"}, format="json").status_code in {200, 400}
    assert api.patch(address, {"attributes": {"size": "XS"}}, format="json").status_code == 400
    variant.refresh_from_db()
    assert variant.option_key == "colour=blue|size=L"


def test_deleting_retires_and_restoring_brings_back(api):
    product = a_product()
    assert api.delete(f"/api/v1/products/{product.sqid}").status_code == 204
    assert api.get("/api/v1/variants").json()["count"] == 0
    assert api.get("/api/v1/variants", {"active": "false"}).json()["count"] == 1
    assert api.post(f"/api/v1/products/{product.sqid}/restore").status_code == 200
    assert api.get("/api/v1/variants").json()["count"] == 1


def test_the_history_tells_who_and_why(api):
    variant = a_variant()
    api.patch(
        f"/api/v1/variants/{variant.sqid}",
        {"name": "Better box"},
        format="json",
        headers={"X-Reason": "marketing"},
    )
    entry = api.get(f"/api/v1/variants/{variant.sqid}/history").json()["results"][0]
    assert (entry["actor"]["name"], entry["reason"]) == ("paula", "marketing")
    assert entry["changes"]["name"] == {"old": "Box BX-204", "new": "Better box"}


def test_somebody_who_may_only_look_changes_nothing():
    variant = a_variant()
    services.set_unit(variant_id=variant.pk, uom="case", factor=12)
    client = APIClient()
    client.force_authenticate(
        create_user(username="vera", password="correct horse battery", roles=[Role.VIEW_ONLY])
    )
    assert client.get("/api/v1/variants").json()["count"] == 1
    address = f"/api/v1/variants/{variant.sqid}"
    assert client.get(f"{address}/convert", {"quantity": "1", "uom": "case"}).status_code == 200
    assert client.patch(address, {"name": "x"}, format="json").status_code == 403
    assert client.post("/api/v1/products", {"code": "a", "name": "a"}).status_code == 403
