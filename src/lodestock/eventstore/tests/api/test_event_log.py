"""The log over HTTP: read only, without keys of rows."""

from __future__ import annotations

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from lodestock.accounts.services import create_user
from lodestock.attention.services import resolve_case
from lodestock.attention.tests.factories import a_case
from lodestock.eventstore.subscriptions import Subscription
from lodestock.eventstore.testing import deliver_everything, sequence_everything
from lodestock.eventstore.tests.factories import make_events, make_parked_events
from lodestock.kernel.context import acting

pytestmark = pytest.mark.django_db


def client_of(*roles: str) -> APIClient:
    client = APIClient()
    name = "-".join(roles).lower().replace(" ", "-") or "nobody"
    client.force_authenticate(
        create_user(username=name, password="correct horse battery", roles=roles)
    )
    return client


def results(client, **query):
    answer = client.get("/api/v1/events", query)
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def test_an_event_shows_its_envelope_and_public_ids_only():
    case = a_case()
    sequence_everything()
    event = results(client_of("Auditor"))[0]
    assert event["event_type"] == "ExceptionOpened"
    assert event["aggregate"] == case.sqid
    assert (event["seq"], event["position"], event["schema_version"]) == (1, 1, 1)
    assert event["payload"]["case"] == case.sqid
    assert "id" not in event
    assert "aggregate_id" not in event
    assert event["timestamp"].endswith("Z")


def test_keys_inside_payloads_are_public_ids():
    make_events(1)
    payload = results(client_of("Auditor"))[0]["payload"]
    assert payload["lot"].startswith("L-")
    assert not str(payload["variant_id"]).isdecimal()


def test_filters_find_a_stream_a_type_a_chain_and_a_stretch_of_the_order():
    chain = uuid4()
    with acting(correlation_id=chain):
        case = a_case()
        resolve_case(case, resolution="fixed")
    make_events(3)
    client = client_of("Auditor")
    assert {e["event_type"] for e in results(client, correlation_id=str(chain))} == {
        "ExceptionOpened",
        "ExceptionResolved",
    }
    stream = results(
        client, aggregate_type="ExceptionCase", aggregate=case.sqid, ordering="position"
    )
    assert [e["seq"] for e in stream] == [1, 2]
    assert len(results(client, event_type="LotHeld")) == 3
    assert len(results(client, event_type__in="LotHeld,ExceptionOpened")) == 4
    ordered = results(client, position_after=1, position_upto=4, ordering="position")
    assert [e["position"] for e in ordered] == [2, 3, 4]


def test_pages_in_reading_order_miss_nothing():
    make_events(25)
    client = client_of("Auditor")
    address, seen = "/api/v1/events?ordering=position&page_size=10", []
    while address:
        page = client.get(address).json()
        seen += [event["position"] for event in page["results"]]
        address = page["next"]
    assert seen == list(range(1, 26))


def test_an_aggregate_without_its_type_is_refused_with_what_is_missing():
    answer = client_of("Auditor").get("/api/v1/events", {"aggregate": "abcdef"})
    assert answer.status_code == 400
    assert "aggregate_type" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(method):
    make_events(1)
    client = client_of("Factory Admin")
    sqid = results(client)[0]["sqid"]
    for address in ("/api/v1/events", f"/api/v1/events/{sqid}"):
        assert getattr(client, method)(address, {}, format="json").status_code == 405


def test_strangers_see_nothing():
    assert APIClient().get("/api/v1/events").status_code == 401
    assert client_of("Supplier").get("/api/v1/events").status_code == 403


def test_parked_events_are_listed_and_retried(settings):
    heard = []
    settings.EVENT_SUBSCRIPTIONS = (Subscription("breaks", frozenset(), heard.append),)
    make_parked_events(2)
    client = client_of("Factory Admin")
    listed = client.get("/api/v1/parked-events", {"subscription": "breaks"}).json()["results"]
    assert [row["state"] for row in listed] == ["waiting"] * 2
    assert listed[0]["error"] == "RuntimeError: cannot digest LotHeld"
    answer = client.post(f"/api/v1/parked-events/{listed[0]['sqid']}/retry")
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["name"], answer.json()["waiting"]) == ("breaks", 0)
    assert len(heard) == 2


def test_where_subscribers_stand(settings):
    settings.EVENT_SUBSCRIPTIONS = (Subscription("board", frozenset(), lambda event: None),)
    make_events(4)
    client = client_of("Auditor")
    before = client.get("/api/v1/subscriptions").json()
    assert (before[0]["name"], before[0]["behind"]) == ("board", 4)
    deliver_everything()
    assert client.get("/api/v1/subscriptions").json()[0]["behind"] == 0
