"""Whatever is done to the ledger, in any order, its invariants hold and the model agrees."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import transaction as django_transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lodestock.inventory import errors, selectors, services
from lodestock.inventory.models import Balance, Movement
from lodestock.inventory.tests import factories as f
from lodestock.inventory.types import MovementLine, Place, ReservationConsumption
from lodestock.inventory.verification import verify
from lodestock.kernel.db import transaction

D = Decimal
amounts = st.decimals(min_value="0.000001", max_value=50, places=6)
which = st.integers(min_value=0, max_value=2)
statuses = st.sampled_from(["available", "quarantine", "hold", "damaged"])


class LedgerStory(RuleBasedStateMachine):
    """Receiving, shipping, moving, holding, reversing, back-dating, reserving: any order."""

    @initialize()
    def begin(self) -> None:
        home = f.a_warehouse()
        self.places = [f.a_bin(home) for _ in range(3)]
        self.variants = [f.a_variant(), f.a_variant(), f.a_variant(tracking="lot")]
        lot = services.create_lot(variant_id=self.variants[2].pk, code="L1")
        self.lots = [0, 0, lot.pk]
        self.stock: dict[Any, Decimal] = defaultdict(Decimal)
        self.postings: list[int] = []
        self.promises: list[Any] = []
        self.numbers = count()
        self.began = datetime.now(UTC)

    def key(self, item: int, place: int, status: str = "available") -> tuple[int, int, str]:
        return item, place, status

    def book(self, kind: str, item: int, amount: Decimal, sides: Any, **more: Any) -> bool:
        line = MovementLine(self.variants[item].pk, amount, *sides, self.lots[item])
        if kind == "adjust":
            line = MovementLine(*_fields(line), reason_code="COUNT")
        try:
            with transaction():
                receipt = f.post(kind, [line], **more)
        except (errors.InsufficientStock, errors.PastBelowZero):
            return False
        self.postings.append(receipt.posting_id)
        return True

    def side(self, place: int, status: str = "available") -> Place:
        return Place(self.places[place].pk, 0, status)

    @rule(item=which, place=which, amount=amounts, days=st.integers(0, 40))
    def receive(self, item: int, place: int, amount: Decimal, days: int) -> None:
        sides = Place(f.virtual("supplier")), self.side(place)
        at = self.began - timedelta(days=days) if days else None
        assert self.book("receive", item, amount, sides, occurred_at=at)
        self.stock[self.key(item, place)] += amount

    @rule(item=which, place=which, amount=amounts, days=st.integers(0, 40))
    def ship(self, item: int, place: int, amount: Decimal, days: int) -> None:
        sides = self.side(place), Place(f.virtual("customer"))
        at = self.began - timedelta(days=days) if days else None
        if self.book("ship", item, amount, sides, occurred_at=at):
            self.stock[self.key(item, place)] -= amount

    @rule(item=which, source=which, destination=which, amount=amounts, old=statuses, new=statuses)
    def move(
        self, item: int, source: int, destination: int, amount: Any, old: str, new: str
    ) -> None:
        if (source, old) == (destination, new):
            return
        sides = self.side(source, old), self.side(destination, new)
        if self.book("transfer", item, amount, sides):
            self.stock[self.key(item, source, old)] -= amount
            self.stock[self.key(item, destination, new)] += amount

    @rule(item=which, place=which, amount=amounts, found=st.booleans())
    def recount(self, item: int, place: int, amount: Decimal, found: bool) -> None:
        virtual = Place(f.virtual("count"))
        sides = (virtual, self.side(place)) if found else (self.side(place), virtual)
        if self.book("adjust", item, amount, sides):
            self.stock[self.key(item, place)] += amount if found else -amount

    @precondition(lambda self: self.postings)
    @rule(data=st.data())
    def reverse(self, data: Any) -> None:
        posting = data.draw(st.sampled_from(self.postings))
        movement = Movement.objects.get(posting_id=posting)
        try:
            with transaction():
                receipt = services.reverse_posting(posting, reason="story")
        except (errors.AlreadyReversed, errors.InsufficientStock):
            return
        self.postings.append(receipt.posting_id)
        for name, sign in (("source", 1), ("destination", -1)):
            place = next(
                (n for n, p in enumerate(self.places) if p.pk == getattr(movement, f"{name}_id")),
                None,
            )
            if place is not None:
                item = next(n for n, v in enumerate(self.variants) if v.pk == movement.variant_id)
                status = getattr(movement, f"{name}_status")
                self.stock[self.key(item, place, status)] += sign * movement.quantity

    @rule(item=which, amount=amounts, partial=st.booleans())
    def reserve(self, item: int, amount: Decimal, partial: bool) -> None:
        try:
            with transaction():
                held = services.reserve_stock(
                    reference_type="story",
                    reference_id=str(next(self.numbers)),
                    line_key="1",
                    variant_id=self.variants[item].pk,
                    quantity=amount,
                    location_ids=[place.pk for place in self.places],
                    partial=partial,
                )
        except errors.InsufficientStock:
            return
        assert partial or held.held == amount
        self.promises.append((item, held))

    @precondition(lambda self: self.promises)
    @rule(data=st.data(), release=st.booleans())
    def settle(self, data: Any, release: bool) -> None:
        item, held = self.promises.pop(data.draw(st.integers(0, len(self.promises) - 1)))
        if release or not held.lines:
            services.release_reservation(held.reservation_id)
            return
        for line in held.lines:
            sides = line.place, Place(f.virtual("customer"))
            pin = ReservationConsumption(line.line_id, line.held)
            assert self.book("ship", item, line.held, sides, consumes=[pin])
            place = next(n for n, p in enumerate(self.places) if p.pk == line.location_id)
            self.stock[self.key(item, place)] -= line.held

    @invariant()
    def balances_are_what_the_model_says(self) -> None:
        if not hasattr(self, "stock"):
            return
        for (item, place, status), quantity in self.stock.items():
            row = selectors.balance_at(
                self.variants[item].pk,
                self.places[place].pk,
                lot_id=self.lots[item],
                status=status,
            )
            assert row.on_hand == quantity >= 0
            assert 0 <= row.reserved <= row.on_hand

    def teardown(self) -> None:
        if not hasattr(self, "stock"):
            return
        report = verify()
        assert not report.differences
        now = {
            (r.variant_id, r.location_id, r.lot_id, r.status): r.on_hand
            for r in selectors.stock_as_of(datetime.now(UTC))
        }
        kept = Balance.objects.exclude(on_hand=0)
        assert now == {(b.variant_id, b.location_id, b.lot_id, b.status): b.on_hand for b in kept}


def _fields(line: MovementLine) -> tuple[Any, ...]:
    return line.variant_id, line.quantity, line.source, line.destination, line.lot_id


@pytest.mark.django_db
def test_any_story_keeps_every_invariant() -> None:
    """Each example runs in the transaction of the test and is rolled back to its start."""

    class RolledBack(LedgerStory):
        def __init__(self) -> None:
            super().__init__()
            self._savepoint = transaction()
            self._savepoint.__enter__()

        def teardown(self) -> None:
            try:
                super().teardown()
            finally:
                django_transaction.set_rollback(True)
                self._savepoint.__exit__(None, None, None)

    run_state_machine_as_test(
        RolledBack,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
