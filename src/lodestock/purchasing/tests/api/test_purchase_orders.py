"""Purchase orders over HTTP: the journey of one delivery, filters, refusals."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from lodestock.kernel import ids
from lodestock.locations.selectors import location_by_path
from lodestock.purchasing import services
from lodestock.purchasing.models import PurchaseOrder, Receipt
from lodestock.purchasing.tests import factories as f

pytestmark = pytest.mark.django_db
ORDERS = "/api/v1/purchase-orders"


@pytest.fixture
def api() -> APIClient:
    user = get_user_model().objects.create_superuser(
        username="boss", email="boss@example.org", password="a long pass phrase 7"
    )
    client = APIClient()
    client.force_authenticate(user)
    return client


def body() -> dict[str, object]:
    return {
        "supplier": ids.encode("partners.partner", f.a_supplier()),
        "site": ids.encode("organisation.site", f.a_site()),
        "lines": [
            {
                "variant": ids.encode("catalog.variant", f.a_variant()),
                "quantity": "100",
                "unit_price": "2.50",
            }
        ],
    }


def receipt(line: str, quantity: str) -> dict[str, object]:
    dock = location_by_path("WH1/DOCK").id if f.a_location() else 0
    return {
        "location": ids.encode("locations.location", dock),
        "lines": [{"line": line, "quantity": quantity}],
    }


def test_an_order_travels_from_draft_to_received(api: APIClient) -> None:
    made = api.post(ORDERS, body(), format="json")
    assert made.status_code == 201, made.content
    order = made.json()
    assert (order["status"], order["total"]) == ("draft", "250.0000")
    for verb in ("submit", "approve", "send", "acknowledge"):
        assert api.post(f"{ORDERS}/{order['sqid']}/{verb}", {}, format="json").status_code == 200
    line = api.get("/api/v1/purchase-lines", {"order": order["sqid"]}).json()["results"][0]
    address = f"{ORDERS}/{order['sqid']}/receipts"
    first = api.post(address, receipt(line["sqid"], "60"), format="json")
    assert first.status_code == 201, first.content
    line = api.get("/api/v1/purchase-lines", {"order": order["sqid"]}).json()["results"][0]
    assert (line["received"], line["open"]) == ("60.000000", "40.000000")
    over = api.post(address, receipt(line["sqid"], "41"), format="json")
    assert (over.status_code, over.json()["code"]) == (409, "over_receipt")
    api.post(address, receipt(line["sqid"], "40"), format="json")
    assert api.get(f"{ORDERS}/{order['sqid']}").json()["status"] == "received"


def test_the_same_key_receives_once_and_another_body_is_refused(api: APIClient) -> None:
    order = f.sent(f.an_order(100))
    line = order.lines.get().sqid
    address, key = f"{ORDERS}/{order.sqid}/receipts", {"HTTP_IDEMPOTENCY_KEY": "dock-1-0001"}
    first = api.post(address, receipt(line, "10"), format="json", **key)
    second = api.post(address, receipt(line, "10"), format="json", **key)
    assert first.content == second.content
    assert Receipt.objects.count() == 1
    third = api.post(address, receipt(line, "11"), format="json", **key)
    assert third.status_code == 422


def test_an_undeclared_step_is_a_conflict_that_says_what_is_possible(api: APIClient) -> None:
    order = f.an_order()
    answer = api.post(f"{ORDERS}/{order.sqid}/send", {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert "submit" in answer.json()["detail"]


@pytest.mark.parametrize("quantity", ["-1", "0", "NaN", "1e30", "0.0000001", 1.5, "ten"])
def test_an_impossible_quantity_is_refused_and_nothing_is_written(
    api: APIClient, quantity: object
) -> None:
    given = body()
    given["lines"][0]["quantity"] = quantity  # type: ignore[index]
    answer = api.post(ORDERS, given, format="json")
    assert answer.status_code == 400
    assert not PurchaseOrder.objects.exists()


def test_orders_are_filtered_by_status_supplier_and_day_as_brute_force_would(
    api: APIClient,
) -> None:
    for number in range(12):
        order = f.an_order(
            5, supplier=f"S{number % 3}", ordered_at=f.LONG_AGO + timedelta(days=number)
        )
        if number % 2:
            services.submit_purchase_order(order.pk)
    after, before = f.LONG_AGO + timedelta(days=2), f.LONG_AGO + timedelta(days=9)
    supplier = f.a_supplier("S1")
    expected = {
        order.sqid
        for order in PurchaseOrder.objects.all()
        if order.status == "submitted"
        and order.supplier_id == supplier
        and after <= order.ordered_at < before
    }
    answer = api.get(
        ORDERS,
        {
            "status": "submitted",
            "supplier": ids.encode("partners.partner", supplier),
            "ordered_after": after.isoformat(),
            "ordered_before": before.isoformat(),
        },
    ).json()
    assert {row["sqid"] for row in answer["results"]} == expected
    assert expected


def test_counts_by_status_equal_what_the_database_groups(api: APIClient) -> None:
    for number in range(6):
        order = f.an_order()
        if number % 3:
            services.submit_purchase_order(order.pk)
    stored = Counter(PurchaseOrder.objects.values_list("status", flat=True))
    for status, count in stored.items():
        assert api.get(ORDERS, {"status__in": status}).json()["count"] == count
    both = api.get(ORDERS, {"status__in": "draft,submitted"}).json()["count"]
    assert both == stored["draft"] + stored["submitted"]
    assert api.get(ORDERS, {"status": "lost"}).status_code == 400


def test_the_summary_adds_up_by_status(api: APIClient) -> None:
    f.an_order(100)
    f.receive(f.sent(f.an_order(100)), 40)
    rows = api.get("/api/v1/reports/purchase-summary").json()["results"]
    found = {row["key"]: row for row in rows}
    assert found["partially_received"]["open_value"] == "150.0000"
    assert sum(Decimal(row["value"]) for row in rows) == 500
    assert api.get("/api/v1/reports/purchase-summary", {"group": "x"}).status_code == 400


def test_supplier_performance_tells_late_from_early(api: APIClient) -> None:
    for days in (5, 15):
        order = f.sent(f.an_order(10))
        order.lines.update(promised_on=(f.LONG_AGO + timedelta(days=10)).date())
        f.receive(order, 10, days=days)
    row = api.get("/api/v1/reports/supplier-performance").json()["results"][0]
    assert (row["due_lines"], row["on_time_lines"], row["on_time_share"]) == (2, 1, "0.500000")
    assert row["lead_time_days_mean"] == "10.000"
    assert row["lead_time_days_sd"] == "7.071"
    assert (row["fill_share"], row["quality_share"]) == ("1.000000", "1.000000")
