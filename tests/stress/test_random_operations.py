"""Random operations on a small company: whatever happens, every invariant of the domain holds."""

from __future__ import annotations

import os
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.stress.company import VERBS, Company, found
from tests.stress.invariants import broken

LONG = os.environ.get("LODESTOCK_SCALE", "test") != "test"
EXAMPLES, STEPS = (150, 60) if LONG else (6, 24)

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600 if LONG else 300)]


class RandomOperations(RuleBasedStateMachine):
    """Each example begins with an empty company and ends with a rollback."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.steps = 0

    @initialize(seed=st.integers(0, 2**32 - 1))
    def open_for_business(self, seed: int) -> None:
        self.company = Company(found(), Random(seed))
        for _ in range(15):
            self.company.do("receive")

    @rule(verb=st.sampled_from(VERBS))
    def operate(self, verb: str) -> None:
        self.company.do(verb)
        self.steps += 1

    @invariant()
    def nothing_appears_or_vanishes(self) -> None:
        if self.steps % 8 == 1:
            assert broken(self.company.on_hand) == []

    def teardown(self) -> None:
        try:
            if hasattr(self, "company"):
                assert broken(self.company.on_hand) == [], self.company.accepted
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)


def test_random_operations_keep_every_invariant() -> None:
    run_state_machine_as_test(
        RandomOperations,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
            database=None,
        ),
    )


@pytest.mark.parametrize("seed", range(40 if LONG else 2))
def test_a_long_day_of_every_verb_keeps_every_invariant(seed: int) -> None:
    """All verbs come by, in one order after another; enough of each is accepted to count."""
    undo = transaction.atomic()
    undo.__enter__()
    try:
        company = Company(found(), Random(seed))
        for _ in range(15):
            company.do("receive")
        for _ in range(6):
            for verb in company.chance.sample(VERBS, len(VERBS)):
                company.do(verb)
        assert broken(company.on_hand) == []
        assert len(company.accepted) > len(VERBS) * 2 / 3, company.refused
    finally:
        transaction.set_rollback(True)
        undo.__exit__(None, None, None)
