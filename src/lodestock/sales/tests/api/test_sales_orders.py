"""Sales over HTTP: placing, holding, shipping, cancelling, taking back."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from lodestock.kernel import ids
from lodestock.sales.tests import factories as f

pytestmark = pytest.mark.django_db
ORDERS = "/api/v1/sales-orders"


@pytest.fixture
def api() -> APIClient:
    user = get_user_model().objects.create_superuser(
        username="boss", email="boss@example.org", password="a long pass phrase 7"
    )
    client = APIClient()
    client.force_authenticate(user)
    return client


def body(quantity: str = "2", **more: object) -> dict[str, object]:
    return {
        "site": ids.encode("organisation.site", f.a_site()),
        "location": ids.encode("locations.location", f.a_warehouse()),
        "customer": ids.encode("partners.partner", f.a_customer()),
        "lines": [
            {
                "variant": ids.encode("catalog.variant", f.a_variant()),
                "quantity": quantity,
                "unit_price": "5.00",
            }
        ],
    } | more


def test_an_order_is_placed_held_shipped_and_partly_given_back(api: APIClient) -> None:
    f.stock(f.a_variant(), 10)
    made = api.post(ORDERS, body(), format="json")
    assert made.status_code == 201, made.content
    order = made.json()
    assert (order["status"], order["total"]) == ("CREATED", "10.0000")
    held = api.post(f"{ORDERS}/{order['sqid']}/reserve", {}, format="json")
    assert [row["held"] for row in held.json()] == ["2.000000"]
    shipped = api.post(f"{ORDERS}/{order['sqid']}/shipments", {}, format="json")
    assert shipped.status_code == 201, shipped.content
    assert shipped.json()["status"] == "departed"
    assert api.get(f"{ORDERS}/{order['sqid']}").json()["status"] == "FULFILLED"
    given = body("1", reason="defective")
    back = api.post("/api/v1/returns", given, format="json")
    assert back.status_code == 201, back.content
    line = api.get("/api/v1/return-lines", {"return_order": back.json()["sqid"]}).json()
    assert line["results"][0]["sales_line"]


def test_a_piece_is_given_back_by_its_serial_number(api: APIClient) -> None:
    camera = f.a_variant("CAM-7", tracking="serial")
    f.stock_pieces(camera, ["A", "B"])
    line = {"variant": ids.encode("catalog.variant", camera), "quantity": "1", "unit_price": "5.00"}
    order = api.post(ORDERS, body(lines=[line]), format="json").json()
    assert api.post(f"{ORDERS}/{order['sqid']}/shipments", {}, format="json").status_code == 201

    def give_back(**more: object) -> tuple[int, dict[str, object]]:
        given = body(lines=[line | more], reason="defective")
        answer = api.post("/api/v1/returns", given, format="json")
        return answer.status_code, answer.json()

    status, told = give_back()
    assert (status, told["code"], told["field"]) == (400, "tracking_needed", "serials")
    status, told = give_back(serials=["B"])
    assert (status, told["code"], told["serial"]) == (409, "not_shipped_to_customer", "B")
    status, rma = give_back(serials=["A"])
    assert status == 201
    (back,) = api.get("/api/v1/return-lines", {"return_order": rma["sqid"]}).json()["results"]
    assert back["serials"] == ["A"]


def test_a_fulfilled_order_cannot_be_cancelled(api: APIClient) -> None:
    f.stock(f.a_variant(), 10)
    order = api.post(ORDERS, body(), format="json").json()["sqid"]
    api.post(f"{ORDERS}/{order}/shipments", {}, format="json")
    answer = api.post(f"{ORDERS}/{order}/cancel", {"reason": "late"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


def test_cancelling_without_a_reason_is_refused(api: APIClient) -> None:
    order = api.post(ORDERS, body(), format="json").json()["sqid"]
    assert api.post(f"{ORDERS}/{order}/cancel", {}, format="json").status_code == 400


def test_a_draft_is_placed_once(api: APIClient) -> None:
    order = api.post(ORDERS, body(draft=True), format="json").json()
    assert order["status"] == "DRAFT"
    assert api.post(f"{ORDERS}/{order['sqid']}/place", {}, format="json").status_code == 200
    assert api.post(f"{ORDERS}/{order['sqid']}/place", {}, format="json").status_code == 409


def test_an_order_on_hold_waits(api: APIClient) -> None:
    f.stock(f.a_variant(), 10)
    order = api.post(ORDERS, body(), format="json").json()["sqid"]
    api.post(f"{ORDERS}/{order}/hold", {"reason": "credit limit"}, format="json")
    answer = api.post(f"{ORDERS}/{order}/shipments", {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "order_on_hold")
    api.post(f"{ORDERS}/{order}/release", {}, format="json")
    assert api.post(f"{ORDERS}/{order}/shipments", {}, format="json").status_code == 201


def test_an_unknown_status_is_refused(api: APIClient) -> None:
    assert api.get(ORDERS, {"status": "SHIPPED"}).status_code == 400
    assert api.get(ORDERS, {"status__in": "CREATED,FULFILLED"}).status_code == 200
