from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from lodestock.feeds.domain.profile import FileProfile
from lodestock.feeds.domain.profile.tally import Tally, log_chance
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
