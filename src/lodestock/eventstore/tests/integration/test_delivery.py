"""Subscribers: checkpoints, parking, order, replay, in-transaction handlers."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from lodestock.eventstore import selectors, services
from lodestock.eventstore.models import Checkpoint, Event, IdempotencyKey, ParkedEvent
from lodestock.eventstore.subscriptions import Subscription, effect, subscription
from lodestock.eventstore.subscriptions.delivery import deliver_all
from lodestock.eventstore.testing import deliver_everything, sequence_everything
from lodestock.eventstore.tests.support import record
from lodestock.kernel import clock
from lodestock.kernel.context import acting, current
from lodestock.kernel.errors import NotFound

pytestmark = pytest.mark.django_db


class Ear:
    """A handler that remembers what it heard, and fails while ``deaf_to`` says so."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.deaf_to: set[str] = set()
        self.chains: list[object] = []

    def __call__(self, event) -> None:
        name = event.payload.get("name", event.event_type)
        if name in self.deaf_to:
            raise ValueError(f"cannot digest {name}")
        self.heard.append(name)
        self.chains.append(current().correlation_id)


def listening(name, *types, **options):
    ear = Ear()
    return Subscription(name, frozenset(types), ear, **options), ear


def due_now():
    ParkedEvent.objects.update(next_attempt_at=clock.now() - timedelta(seconds=1))


def test_a_subscriber_hears_its_types_once_and_in_order(subscribers):
    orders, ear = listening("orders", "OrderCreated", "OrderCancelled")
    subscribers(orders)
    for number in range(5):
        record("OrderCreated", name=f"created {number}")
        record("GoodsReceived", name="not mine")
    deliver_everything()
    deliver_everything()
    assert ear.heard == [f"created {number}" for number in range(5)]
    assert Checkpoint.objects.get().position == selectors.last_position() == 10


def test_every_subscriber_has_its_own_checkpoint(subscribers):
    first, ear = listening("first")
    later, late_ear = listening("later")
    subscribers(first, later)
    record(name="one")
    sequence_everything()
    deliver_all(first)
    assert (ear.heard, late_ear.heard) == (["one"], [])
    status = {one.name: one.behind for one in selectors.subscription_status()}
    assert status == {"first": 0, "later": 1}
    deliver_all(later)
    assert late_ear.heard == ["one"]


def test_a_failing_event_is_parked_and_delays_neither_the_rest_nor_others(subscribers):
    fragile, ear = listening("fragile")
    sturdy, other = listening("sturdy")
    subscribers(fragile, sturdy)
    ear.deaf_to = {"bad"}
    for name in ("good", "bad", "better"):
        record(name=name)
    deliver_everything()
    assert ear.heard == ["good", "better"]
    assert other.heard == ["good", "bad", "better"]
    parked = ParkedEvent.objects.get()
    assert (parked.subscription, parked.attempts, parked.state) == ("fragile", 1, "waiting")
    assert parked.error == "ValueError: cannot digest bad"
    assert selectors.subscription_status()[0].waiting == 1


def test_what_a_failing_handler_wrote_is_undone(subscribers):
    def writes_then_fails(event):
        IdempotencyKey.objects.create(
            principal="p", route="r", key_hash="k", request_hash="h", expires_at=clock.now()
        )
        raise RuntimeError("after writing")

    subscribers(Subscription("half", frozenset(), writes_then_fails))
    record()
    deliver_everything()
    assert not IdempotencyKey.objects.exists()
    assert ParkedEvent.objects.count() == 1


def test_a_parked_event_is_tried_again_when_due_and_leaves_the_list_when_it_succeeds(subscribers):
    fragile, ear = listening("fragile")
    subscribers(fragile)
    ear.deaf_to = {"bad"}
    record(name="bad")
    deliver_everything()
    ear.deaf_to = set()
    assert services.retry_parked(fragile) == 0, "not due yet"
    due_now()
    assert services.retry_parked(fragile) == 1
    assert ear.heard == ["bad"]
    assert not ParkedEvent.objects.exists()


def test_pauses_grow_and_a_hopeless_event_waits_for_a_person(subscribers):
    fragile, ear = listening("fragile", max_attempts=3)
    subscribers(fragile)
    ear.deaf_to = {"bad"}
    record(name="bad")
    deliver_everything()
    pauses = []
    for _ in range(2):
        due_now()
        services.retry_parked(fragile)
        parked = ParkedEvent.objects.get()
        pauses.append((parked.next_attempt_at - clock.now()).total_seconds())
    assert 2 < pauses[0] < 4 < 8 < pauses[1] < 10
    assert (parked.state, parked.attempts) == ("dead", 3)
    due_now()
    assert services.retry_parked(fragile) == 0
    assert ParkedEvent.objects.get().attempts == 3, "a dead one is not tried by itself"
    ear.deaf_to = set()
    assert services.retry_parked(fragile, force=True) == 1


def test_where_stream_order_matters_later_events_of_the_aggregate_wait_behind(subscribers):
    careful, ear = listening("careful", keep_stream_order=True)
    subscribers(careful)
    ear.deaf_to = {"first of 1"}
    record(aggregate_id=1, name="first of 1")
    record(aggregate_id=1, name="second of 1")
    record(aggregate_id=2, name="first of 2")
    deliver_everything()
    assert ear.heard == ["first of 2"]
    ear.deaf_to = set()
    due_now()
    assert services.retry_parked(careful) == 2
    assert ear.heard == ["first of 2", "first of 1", "second of 1"]


def test_a_handler_works_within_the_chain_that_caused_the_event(subscribers):
    echo, ear = listening("echo", "OrderCreated")
    subscribers(echo)
    chain = uuid4()
    with acting(correlation_id=chain):
        record("OrderCreated")
    with acting(correlation_id=uuid4()):
        deliver_everything()
    assert ear.chains == [chain]


def test_an_event_recorded_by_a_handler_names_its_cause_and_chain(subscribers):
    def answer(event):
        record("OrderFulfilled", aggregate_id=event.aggregate_id)

    subscribers(Subscription("answer", frozenset({"OrderCreated"}), answer))
    chain = uuid4()
    with acting(correlation_id=chain):
        cause = record("OrderCreated")
    deliver_everything()
    effect_row = Event.objects.get(event_type="OrderFulfilled")
    assert (effect_row.causation_id, effect_row.correlation_id) == (cause.event_id, chain)
    assert [e.event_type for e in selectors.events_of_chain(chain)] == [
        "OrderCreated",
        "OrderFulfilled",
    ]


def test_more_events_than_one_batch_holds_are_all_delivered(subscribers):
    sparse, ear = listening("sparse", "OrderCreated")
    subscribers(sparse)
    for number in range(450):
        record("OrderCreated" if number % 2 else "GoodsReceived", name=number)
    sequence_everything()
    first = services.deliver(sparse, batch=200)
    assert (first.handled, first.more) == (200, True)
    deliver_all(sparse)
    assert ear.heard == [number for number in range(450) if number % 2]


def test_an_in_transaction_handler_takes_part_and_its_failure_undoes_the_change(subscribers):
    inside, ear = listening("inside", "OrderCreated", mode="in_transaction")
    subscribers(inside)
    record("OrderCreated", name="fine")
    assert ear.heard == ["fine"]
    ear.deaf_to = {"bad"}
    with pytest.raises(ValueError, match="cannot digest bad"):
        record("OrderCreated", name="bad")
    assert Event.objects.count() == 1
    deliver_everything()
    assert ear.heard == ["fine"], "the log is not read for it"


def test_a_replay_rebuilds_and_sends_nothing(subscribers):
    rows, sent = [], []

    @effect
    def send(name):
        sent.append(name)

    def handler(event):
        rows.append(event.payload["name"])
        send(event.payload["name"])

    board = Subscription("board", frozenset(), handler)
    subscribers(board)
    record(name="one")
    record(name="two")
    deliver_everything()
    assert services.replay(board, reset=rows.clear) == 2
    assert (rows, sent) == (["one", "two"], ["one", "two"])
    record(name="three")
    deliver_everything()
    assert (rows[2:], sent[2:]) == (["three"], ["three"]), "what is new is sent again"
    services.replay(board, effects=True, from_position=2, reset=rows.pop)
    assert sent[3:] == ["three"]


def test_a_subscriber_that_only_sends_is_silent_in_a_replay(subscribers):
    mailer, ear = listening("mailer", sends=True)
    subscribers(mailer)
    record(name="one")
    deliver_everything()
    services.replay(mailer)
    assert ear.heard == ["one"]


def test_an_event_parked_in_a_quiet_replay_stays_quiet_when_retried(subscribers):
    sent = []
    mood = {"fails": False}
    send = effect(sent.append)

    def handler(event):
        if mood["fails"]:
            raise ValueError
        send(event.payload["name"])

    board = Subscription("board", frozenset(), handler)
    subscribers(board)
    record(name="one")
    deliver_everything()
    mood["fails"] = True
    services.replay(board)
    mood["fails"] = False
    assert services.retry_parked(board, force=True) == 1
    assert sent == ["one"]


def test_an_unknown_subscription_is_named_with_the_known_ones(subscribers):
    subscribers(listening("orders")[0])
    with pytest.raises(NotFound, match="'ordres'; known are: orders"):
        subscription("ordres")


def test_two_subscriptions_of_one_name_are_refused(subscribers):
    subscribers(listening("same")[0], listening("same")[0])
    with pytest.raises(ValueError, match="share a name: same"):
        subscription("same")
