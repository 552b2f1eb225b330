"""One id follows an order through request, sales, ledger, shipping, subscriber, job and case."""

from __future__ import annotations

import json
import logging
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from lodestock.accounts.models import User
from lodestock.attention.services import open_case
from lodestock.eventstore import selectors as eventstore
from lodestock.eventstore.subscriptions import Subscription
from lodestock.eventstore.testing import deliver_everything, payload_errors
from lodestock.jobs import ports
from lodestock.jobs import selectors as jobs
from lodestock.jobs import services as job_services
from lodestock.kernel import ids
from lodestock.kernel.context import acting
from lodestock.kernel.models import History
from lodestock.sales.tests import factories as sales

pytestmark = pytest.mark.django_db


@pytest.fixture
def job_on_departure(settings, monkeypatch):
    """When a shipment departs a job is asked for, and the job opens a case."""
    monkeypatch.setattr("lodestock.jobs.tasks.send_hint", lambda job_id, chain: None)

    def carry_out(run: ports.Run) -> None:
        open_case(
            rule="test.departed",
            severity="low",
            subject_type="shipping.shipment",
            subject_id=run.params["shipment"],
            title="A shipment departed",
        )

    def ask(event) -> None:
        job_services.enqueue("test.departed", {"shipment": event.aggregate_id})

    kind = ports.JobKind("test.departed", carry_out)
    monkeypatch.setitem(ports.registry.kinds, kind.name, kind)
    listener = Subscription("departures", frozenset({"ShipmentDeparted"}), ask)
    settings.EVENT_SUBSCRIPTIONS = (listener,)


@pytest.fixture
def client(db) -> APIClient:
    user = User.objects.create_superuser("boss", "boss@example.org", "a long pass phrase 7")
    made = APIClient()
    made.force_authenticate(user)
    return made


def test_from_the_request_to_the_job_and_back_everything_names_one_chain(
    client, job_on_departure, caplog
):
    caplog.set_level(logging.INFO)
    chain = uuid4()
    with acting(correlation_id=uuid4()):
        sales.stock(sales.a_variant(), 10)
        body = {
            "site": ids.encode("organisation.site", sales.a_site()),
            "location": ids.encode("locations.location", sales.a_warehouse()),
            "customer": ids.encode("partners.partner", sales.a_customer()),
            "lines": [
                {
                    "variant": ids.encode("catalog.variant", sales.a_variant()),
                    "quantity": "2",
                    "unit_price": "5.00",
                }
            ],
        }
    headers = {"X-Correlation-ID": str(chain)}
    order = client.post("/api/v1/sales-orders", body, format="json", headers=headers).json()
    address = f"/api/v1/sales-orders/{order['sqid']}/shipments"
    shipped = client.post(address, {}, format="json", headers=headers)
    assert shipped.status_code == 201, shipped.content
    with acting(correlation_id=uuid4()):
        deliver_everything()
        (job,) = jobs.jobs_of_chain(chain)
        assert job_services.execute(job.pk)
        deliver_everything()

    told = {(e.aggregate_type, e.event_type) for e in eventstore.events_of_chain(chain)}
    assert {
        ("SalesOrder", "OrderCreated"),
        ("Posting", "StockMoved"),
        ("Shipment", "ShipmentDeparted"),
        ("SalesOrder", "OrderFulfilled"),
        ("ExceptionCase", "ExceptionOpened"),
    } <= told
    tables = set(History.objects.filter(correlation_id=chain).values_list("table_name", flat=True))
    assert {"sales_salesorder", "shipping_shipment", "attention_exceptioncase"} <= tables
    said = [r.msg for r in caplog.records if isinstance(r.msg, dict)]
    named = {line["event"] for line in said if line.get("correlation_id") == str(chain)}
    assert {"request.answered", "job.started", "job.succeeded"} <= named


def test_the_chain_is_one_question_to_the_api(client, job_on_departure):
    chain = uuid4()
    with acting(correlation_id=chain):
        sales.an_order()
    deliver_everything()
    found = client.get("/api/v1/events", {"correlation_id": str(chain)}).json()
    assert {"OrderCreated"} <= {event["event_type"] for event in found["results"]}
    assert str(chain) in json.dumps(found)


def test_every_event_of_the_story_fits_its_schema(client, job_on_departure):
    """Also those that SQL functions write, which no Python has checked."""
    sales.stock(sales.a_variant(), 10)
    sales.make_sales_orders(2)
    sales.make_returns(1)
    assert payload_errors() == []
