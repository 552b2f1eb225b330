"""Recording events: order, versions, context, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection

from lodestock.eventstore import selectors, services
from lodestock.eventstore.models import Event
from lodestock.eventstore.types import NewEvent, Stream
from lodestock.kernel.context import acting
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput, StaleVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_subscribers")]


def append(*events: NewEvent, key: int = 1, expected: int | None = None):
    with transaction():
        return services.append(
            aggregate_type="SalesOrder", aggregate_id=key, events=events, expected_version=expected
        )


def test_events_of_a_stream_are_numbered_from_one_in_the_given_order():
    append(NewEvent("OrderCreated", {}), NewEvent("OrderFulfilled", {}))
    append(NewEvent("OrderCancelled", {}))
    stored = selectors.stream("SalesOrder", 1)
    assert [(e.seq, e.event_type) for e in stored] == [
        (1, "OrderCreated"),
        (2, "OrderFulfilled"),
        (3, "OrderCancelled"),
    ]


def test_what_append_returns_is_what_the_log_holds():
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    payload = {"qty": Decimal("1.50"), "at": moment, "id": uuid4()}
    returned = append(NewEvent("OrderCreated", payload, occurred_at=moment, site_id=7))
    assert selectors.stream("SalesOrder", 1) == returned
    assert returned[0].payload["qty"] == "1.50"
    assert returned[0].payload["at"] == "2026-03-01T09:30:00.000000Z"
    assert returned[0].occurred_at == moment


def test_actor_correlation_and_causation_come_from_the_context():
    chain, cause = uuid4(), uuid4()
    with acting(actor_id=42, correlation_id=chain, causation_id=cause):
        append(NewEvent("OrderCreated", {}))
    row = Event.objects.get()
    assert (row.actor_id, row.correlation_id, row.causation_id) == (42, chain, cause)


def test_a_wrong_expected_version_is_refused_with_the_present_one():
    append(NewEvent("OrderCreated", {}), NewEvent("OrderFulfilled", {}), expected=0)
    with pytest.raises(StaleVersion) as refusal, transaction():
        append(NewEvent("OrderCancelled", {}), expected=1)
    assert refusal.value.params["current_version"] == 2
    assert refusal.value.params["expected_version"] == 1
    assert services.current_version("SalesOrder", 1) == 2


def test_several_streams_go_in_one_statement_and_come_back_in_their_order(
    django_assert_num_queries,
):
    append(NewEvent("OrderCreated", {}), key=5)
    streams = [
        Stream(
            "SalesOrder", 9, [NewEvent("OrderCreated", {"n": 1}), NewEvent("OrderFulfilled", {})]
        ),
        Stream("SalesOrder", 5, [NewEvent("OrderCancelled", {})]),
        Stream("PurchaseOrder", 9, [NewEvent("PurchaseOrderCreated", {})]),
    ]
    with transaction(), django_assert_num_queries(3):  # savepoint, insert, release
        stored = services.append_many(streams)
    assert [(e.aggregate_type, e.aggregate_id, e.seq) for e in stored] == [
        ("SalesOrder", 9, 1),
        ("SalesOrder", 9, 2),
        ("SalesOrder", 5, 2),
        ("PurchaseOrder", 9, 1),
    ]


def test_a_stream_given_twice_in_one_call_is_refused():
    twice = [Stream("SalesOrder", 1, [NewEvent("OrderCreated", {})])] * 2
    with pytest.raises(InvalidInput, match="twice"), transaction():
        services.append_many(twice)


def test_appending_nothing_writes_nothing():
    with transaction():
        assert len(services.append_many([Stream("SalesOrder", 1, [])])) == 0
    assert not Event.objects.exists()


def test_a_posting_function_may_insert_with_defaults_only():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO eventstore_event (aggregate_type, aggregate_id, seq, event_type, payload)"
            " VALUES ('Posting', 17, 1, 'StockMoved', '{}')"
        )
    row = Event.objects.get()
    assert row.event_id is not None
    assert row.txid > 0
    assert row.occurred_at == row.recorded_at
    assert row.schema_version == 1


@pytest.mark.parametrize(
    "sql", ["UPDATE eventstore_event SET seq = 2", "DELETE FROM eventstore_event"]
)
def test_the_log_refuses_change_by_the_program(sql):
    append(NewEvent("OrderCreated", {}))
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql", ["UPDATE eventstore_event SET seq = 2", "DELETE FROM eventstore_event"]
)
def test_the_log_refuses_change_even_by_its_owner(sql, as_owner):
    append(NewEvent("OrderCreated", {}))
    refused = pytest.raises(DatabaseError, match="Cannot")
    with as_owner(), refused, transaction(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_orm_refuses_change_with_a_sentence():
    append(NewEvent("OrderCreated", {}))
    with pytest.raises(Conflict, match="never changed"):
        Event.objects.update(seq=2)


def test_positions_cannot_be_written_by_the_program():
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO eventstore_eventposition (position, event_id) VALUES (1, 1)")


def test_a_version_below_one_is_refused():
    with pytest.raises(IntegrityError, match="event_seq_from_one"):
        Event.objects.create(
            aggregate_type="T", aggregate_id=1, seq=0, event_type="OrderCreated", payload={}
        )


def test_a_payload_that_is_no_exact_json_is_refused_and_nothing_is_written():
    for payload in ({"x": float("nan")}, {"x": object()}):
        with pytest.raises((TypeError, ValueError)), transaction():
            append(NewEvent("OrderCreated", payload))
    assert not Event.objects.exists()
