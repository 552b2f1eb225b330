from __future__ import annotations

import json
import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.feeds.domain.profile import FileProfile
from lodestock.feeds.domain.profile.tally import Tally, log_chance, surprise
from lodestock.feeds.testing.sample_feed import SampleFeed, sample_contract
from lodestock.feeds.testing.simulation import SimulatedFeed


def profile(*weeks: int) -> FileProfile:
    feed, source = SimulatedFeed(sample_contract()), SampleFeed()
    for week in weeks:
        feed.offer_bytes(source.week(week).write())
    return feed.histories[""]


def test_a_profile_survives_json() -> None:
    one = profile(0, 1)
    text = json.dumps(one.as_json())
    assert json.dumps(FileProfile.from_json(json.loads(text)).as_json()) == text


def test_the_history_of_two_files_is_the_sum_of_their_profiles() -> None:
    both = profile(0, 1)
    assert both.files == 2
    assert both.rows == sum(pair[0] for pair in both.columns["quantity"].states.values())
    assert both.columns["quantity"].numbers.count == both.rows


def test_the_size_of_a_history_is_bounded() -> None:
    short = len(json.dumps(profile(*range(4)).as_json()))
    long = len(json.dumps(profile(*range(40)).as_json()))
    assert long < short * 4


@given(st.integers(1, 200), st.integers(0, 200), st.floats(0.001, 0.999))
def test_the_bound_on_a_chance_is_never_above_certainty(trials, hits, probability) -> None:
    assert log_chance(min(hits, trials), trials, probability) <= 0


def test_what_was_to_be_expected_is_no_evidence() -> None:
    assert log_chance(50, 100, 0.5) == 0.0
    assert log_chance(100, 100, 0.01) < -100


def test_the_rarest_names_are_added_up() -> None:
    tally = Tally({str(n): (n, n) for n in range(1, 11)})
    kept = tally.trimmed(3)
    assert kept.rows == tally.rows
    assert len(kept) == 4


def exact(hits: int, trials: int, seen: int, known: int) -> float:
    """The chance by its definition: every share the history leaves possible, weighed."""
    steps = 20_000
    shares = [(step + 0.5) / steps for step in range(steps)]
    weights = [
        math.exp((seen - 0.5) * math.log(p) + (known - seen - 0.5) * math.log(1 - p))
        for p in shares
    ]
    chances = [
        sum(math.comb(trials, n) * p**n * (1 - p) ** (trials - n) for n in range(hits, trials + 1))
        for p in shares
    ]
    return sum(map(operator.mul, weights, chances)) / sum(weights)


@pytest.mark.parametrize("case", [(3, 4, 1, 9), (10, 12, 2, 9), (5, 5, 1, 40), (9, 30, 6, 122)])
def test_a_surprise_is_the_chance_over_all_shares_the_history_leaves_possible(case) -> None:
    assert 10 ** surprise(*case) == pytest.approx(exact(*case), rel=1e-3)


@given(st.integers(1, 300), st.integers(0, 300), st.integers(0, 5_000), st.integers(0, 5_000))
def test_a_surprise_is_a_chance_and_smaller_the_more_hits(trials, hits, seen, more) -> None:
    hits = min(hits, trials)
    found = surprise(hits, trials, seen, seen + more)
    assert found <= 0
    assert surprise(hits - 1, trials, seen, seen + more) >= found - 1e-9


def test_a_short_history_is_surprised_by_less_than_a_long_one() -> None:
    assert surprise(3, 3, 0, 9) > -4 > surprise(3, 3, 0, 900)
    assert surprise(1, 1, 0, 0) == pytest.approx(math.log10(0.5))
    assert surprise(50, 100, 500, 1_000) == 0.0
    assert surprise(500_000, 525_461, 50, 1_000) < -1_000
