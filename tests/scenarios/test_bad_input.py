"""Bad input over HTTP: refused with what was asked, what was found and what to do; nothing kept."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from rest_framework.test import APIClient
from tests.stress.company import Company, Premises, found

from lodestock.accounts.models import User
from lodestock.kernel import ids
from lodestock.locations import services as locations
from lodestock.purchasing import services as purchasing
from lodestock.purchasing.models import PurchaseOrder
from lodestock.sales import services as sales
from lodestock.sales.models import SalesOrder

#: What a refusal may have written: the counters of throttles live in the cache, nothing here.
TABLES = (
    "inventory_posting inventory_movement inventory_balance inventory_reservation"
    " inventory_reservationline inventory_hucontent inventory_lot eventstore_event kernel_history"
    " purchasing_purchaseorder purchasing_purchaseline purchasing_receipt purchasing_receiptline"
    " sales_salesorder sales_salesline sales_returnorder sales_returnline"
    " shipping_shipment shipping_shipmentline attention_exceptioncase"
).split()

QUANTITIES = ["-1", "0", "NaN", "Infinity", "1e30", "1" + "0" * 30, "0.0000001", "ten", "", None]
QUANTITIES += [1.5, True, [], {}]
FOREIGN = ids.encode("organisation.site", 1)


def state() -> tuple[Any, ...]:
    """How many rows stand in every table, and the sum of all stock and promises."""
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}, sum(on_hand), sum(reserved) FROM inventory_balance")
        return cursor.fetchone()


class Desk:
    """A company with stock and documents, and a client that may do everything."""

    def __init__(self) -> None:
        cache.clear()
        self.at: Premises = found()
        self.company = Company(self.at, Random(5))
        for _ in range(12):
            self.company.do("receive")
        while not SalesOrder.objects.exists():
            self.company.do("sell")
        self.company.do("buy")
        self.purchase = PurchaseOrder.objects.order_by("pk").last()
        if self.purchase.status == "draft":
            purchasing.submit_purchase_order(self.purchase.pk)
            purchasing.approve_purchase_order(self.purchase.pk)
            purchasing.send_purchase_order(self.purchase.pk)
        self.sale = SalesOrder.objects.order_by("pk").first()
        sales.reserve_order(self.sale.pk)
        closed = locations.create_location(
            site_id=self.at.site, parent_id=self.at.warehouse, kind="zone", code="SHUT"
        )
        locations.close_location(location_id=closed.pk)
        self.closed = ids.encode("locations.location", closed.pk)
        self.client = APIClient()
        boss = User.objects.create_superuser("boss", "boss@example.org", "a long pass phrase 7")
        self.client.force_authenticate(boss)

    def place(self, key: int) -> str:
        return ids.encode("locations.location", key)

    def variant(self, key: int) -> str:
        return ids.encode("catalog.variant", key)

    def request(self, name: str) -> tuple[str, dict[str, Any]]:
        """A request that would be accepted: its address and body."""
        at, own = self.at, {"location": self.place(self.at.bins[0])}
        line = {"variant": self.variant(at.plain[0]), "quantity": "1"}
        if name == "movements":
            move = line | {"from": {"location": self.place(at.virtual["supplier"])}, "to": own}
            posting = {"kind": "receive", "reference_type": "test", "reference_id": "1"}
            return "movements", {"postings": [posting | {"lines": [move]}]}
        if name == "purchase-orders":
            supplier = ids.encode("partners.partner", at.supplier)
            given = {"supplier": supplier, "site": ids.encode("organisation.site", at.site)}
            return name, given | {"lines": [line | {"unit_price": "2.50"}]}
        if name == "receipts":
            counted = {"line": self.purchase.lines.first().sqid, "quantity": "1"}
            return f"purchase-orders/{self.purchase.sqid}/receipts", own | {"lines": [counted]}
        if name == "sales-orders":
            given = own | {"site": ids.encode("organisation.site", at.site)}
            return name, given | {"lines": [line | {"unit_price": "2.50"}]}
        if name == "returns":
            given = own | {"site": ids.encode("organisation.site", at.site), "reason": "defective"}
            return name, given | {"lines": [line | {"unit_price": "2.50"}]}
        given = {"reference_type": "test", "reference_id": "1", "within": self.place(at.warehouse)}
        return "reservations", given | line


REQUESTS = ("movements", "purchase-orders", "receipts", "sales-orders", "returns", "reservations")


@pytest.fixture(scope="module")
def desk_of_all(django_db_setup, django_db_blocker) -> Iterator[Desk]:
    """One company for all tests of this file; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Desk()
        transaction.set_rollback(True)


@pytest.fixture
def desk(desk_of_all) -> Iterator[Desk]:
    with transaction.atomic():
        yield desk_of_all
        transaction.set_rollback(True)


def line_of(body: dict[str, Any]) -> dict[str, Any]:
    """The first line of a body, wherever it stands."""
    body = body["postings"][0] if "postings" in body else body
    return body["lines"][0] if "lines" in body else body


def header_of(body: dict[str, Any]) -> dict[str, Any]:
    return body["postings"][0] if "postings" in body else body


def assert_refused(desk: Desk, address: str, body: Any, statuses: tuple[int, ...]) -> dict:
    before = state()
    answer = desk.client.post(f"/api/v1/{address}", body, format="json")
    assert answer.status_code in statuses, (answer.status_code, answer.content, body)
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["code"]
    said = problem["detail"] + str(problem.get("errors", ""))
    assert len(said) > 12, problem
    assert "Traceback" not in said
    assert "psycopg" not in said
    assert state() == before
    return problem


@pytest.mark.parametrize("name", REQUESTS)
def test_the_request_itself_is_accepted(desk, name):
    """Without this, all that follows could be refused for another reason."""
    address, body = desk.request(name)
    answer = desk.client.post(f"/api/v1/{address}", body, format="json")
    assert answer.status_code in (200, 201), answer.content


@pytest.mark.parametrize("name", REQUESTS)
def test_a_quantity_that_cannot_be_is_refused_by_field(desk, name):
    for quantity in QUANTITIES:
        address, body = desk.request(name)
        line_of(body)["quantity"] = quantity
        problem = assert_refused(desk, address, body, (400,))
        assert "quantity" in str(problem), problem


@pytest.mark.parametrize("name", REQUESTS)
def test_an_article_that_is_unknown_malformed_or_of_another_kind_is_refused(desk, name):
    key = "line" if name == "receipts" else "variant"
    label = "purchasing.purchaseline" if name == "receipts" else "catalog.variant"
    for wrong in (ids.encode(label, 987654), "zzzzzz", "", 17, None, FOREIGN, "'; DROP TABLE x"):
        address, body = desk.request(name)
        line_of(body)[key] = wrong
        assert_refused(desk, address, body, (400, 404, 409))


PLACES: dict[str, Callable[[dict[str, Any], str], None]] = {
    "movements": lambda body, place: line_of(body)["to"].update(location=place),
    "receipts": lambda body, place: body.update(location=place),
    "sales-orders": lambda body, place: body.update(location=place),
    "returns": lambda body, place: body.update(location=place),
    "reservations": lambda body, place: body.update(within=place),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_place_that_is_unknown_or_malformed_is_refused(desk, name):
    for wrong in (ids.encode("locations.location", 987654), "zzzzzz", "", 17, None, FOREIGN):
        address, body = desk.request(name)
        PLACES[name](body, wrong)
        assert_refused(desk, address, body, (400, 404))


@pytest.mark.parametrize(
    ("name", "role"),
    [("purchase-orders", "supplier"), ("sales-orders", "customer"), ("returns", "customer")],
)
def test_a_partner_or_site_that_is_unknown_is_refused(desk, name, role):
    for key, label in ((role, "partners.partner"), ("site", "organisation.site")):
        for wrong in (ids.encode(label, 987654), "zzzzzz", 17):
            address, body = desk.request(name)
            body[key] = wrong
            assert_refused(desk, address, body, (400, 404))


def test_an_order_is_not_served_from_a_place_without_stock_of_ours(desk):
    """A virtual place, or one of another site, serves nobody."""
    address, body = desk.request("sales-orders")
    body["location"] = desk.place(desk.at.virtual["supplier"])
    assert_refused(desk, address, body, (400,))


@pytest.mark.parametrize("name", ["movements", "receipts", "returns"])
def test_a_closed_place_takes_nothing_and_is_named(desk, name):
    address, body = desk.request(name)
    PLACES[name](body, desk.closed)
    problem = assert_refused(desk, address, body, (400, 409))
    assert "SHUT" in str(problem), problem


@pytest.mark.parametrize("name", ["movements", "receipts", "returns"])
def test_what_has_not_happened_yet_is_refused(desk, name):
    for wrong in ((datetime.now(UTC) + timedelta(days=2)).isoformat(), "yesterday", "2026-02-30"):
        address, body = desk.request(name)
        header_of(body)["occurred_at"] = wrong
        problem = assert_refused(desk, address, body, (400,))
        assert "occurred_at" in str(problem), problem


@pytest.mark.parametrize("name", ["purchase-orders", "sales-orders"])
def test_an_order_of_tomorrow_or_of_no_day_at_all_is_refused(desk, name):
    for wrong in ((datetime.now(UTC) + timedelta(days=2)).isoformat(), "soon", "2026-13-01"):
        address, body = desk.request(name)
        body["ordered_at"] = wrong
        assert_refused(desk, address, body, (400,))


@pytest.mark.parametrize("name", ["purchase-orders", "receipts", "sales-orders", "returns"])
def test_a_unit_that_nobody_knows_or_that_measures_something_else_is_refused(desk, name):
    for unit in ("bushelz", "kg"):
        address, body = desk.request(name)
        line_of(body)["uom"] = unit
        problem = assert_refused(desk, address, body, (400,))
        assert unit in str(problem), problem


@pytest.mark.parametrize("name", REQUESTS)
def test_a_field_that_does_not_exist_is_refused_by_name(desk, name):
    address, body = desk.request(name)
    body["colour"] = "red"
    assert "colour" in str(assert_refused(desk, address, body, (400,))) or name == "movements"
    address, body = desk.request(name)
    line_of(body)["colour"] = "red"
    assert "colour" in str(assert_refused(desk, address, body, (400,)))


@pytest.mark.parametrize("name", ["purchase-orders", "receipts", "sales-orders", "returns"])
def test_a_document_without_lines_is_refused(desk, name):
    for lines in ([], None, {}, "one", [None], [[]]):
        address, body = desk.request(name)
        body["lines"] = lines
        assert_refused(desk, address, body, (400,))


def test_one_bad_line_among_good_ones_undoes_them_all(desk):
    address, body = desk.request("movements")
    good = header_of(body)["lines"][0]
    for key, wrong in (("quantity", "0"), ("variant", "zzzzzz")):
        header_of(body)["lines"] = [good, copy.deepcopy(good) | {key: wrong}, good]
        problem = assert_refused(desk, address, body, (400, 404))
        assert "lines.1" in str(problem), problem


def test_the_second_of_two_postings_undoes_the_first(desk):
    address, body = desk.request("movements")
    second = copy.deepcopy(body["postings"][0])
    second["reference_id"], second["kind"] = "2", "ship"
    line = second["lines"][0]
    line["from"], line["to"] = line["to"], {"location": desk.place(desk.at.virtual["customer"])}
    line["quantity"] = "100000"
    body["postings"].append(second)
    problem = assert_refused(desk, address, body, (409,))
    assert problem["code"] == "insufficient_stock"
    # One came in with the same call: what is asked of the balance is the rest.
    assert "99999" in problem["detail"]


def test_a_reference_with_other_content_is_refused_and_with_the_same_replayed(desk):
    address, body = desk.request("movements")
    first = desk.client.post(f"/api/v1/{address}", body, format="json").json()
    again = desk.client.post(f"/api/v1/{address}", body, format="json").json()
    assert again[0]["posting"] == first[0]["posting"]
    assert again[0]["replayed"]
    line_of(body)["quantity"] = "2"
    assert assert_refused(desk, address, body, (422,))["code"] == "already_posted"


def test_a_document_known_from_its_source_is_not_made_twice(desk):
    for name in ("purchase-orders", "sales-orders"):
        address, body = desk.request(name)
        body |= {"source": "erp", "external_id": "4711"}
        assert desk.client.post(f"/api/v1/{address}", body, format="json").status_code == 201
        problem = assert_refused(desk, address, body, (409,))
        assert "4711" in problem["detail"]
