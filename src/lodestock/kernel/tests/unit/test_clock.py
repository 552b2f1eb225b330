from datetime import UTC, date, datetime, time, timedelta

import pytest

from lodestock.kernel import clock
from lodestock.kernel.errors import InvalidInput

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
)
def test_a_site_day_has_as_many_hours_as_its_clocks_show(day: date, hours: int) -> None:
    start, end = clock.day_bounds(day, BERLIN)
    assert end - start == timedelta(hours=hours)


def test_today_is_the_sites_day_and_not_utcs() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert clock.today(BERLIN, at=late) == date(2026, 7, 1)
    assert clock.today("America/New_York", at=late) == date(2026, 6, 30)


def test_nine_o_clock_stays_nine_o_clock_across_the_change() -> None:
    before = clock.at_local(date(2026, 3, 28), time(9), BERLIN)
    after = clock.at_local(date(2026, 3, 29), time(9), BERLIN)
    assert after - before == timedelta(hours=23)


def test_a_time_that_spring_skips_moves_on_by_the_gap() -> None:
    assert clock.at_local(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


def test_a_time_that_autumn_repeats_means_the_first() -> None:
    assert clock.at_local(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_trailing_days_are_whole_site_days_before_today() -> None:
    now = datetime(2026, 4, 2, 12, tzinfo=UTC)
    start, end = clock.trailing_days(7, BERLIN, at=now)
    assert start == datetime(2026, 3, 25, 23, tzinfo=UTC)
    assert end == datetime(2026, 4, 1, 22, tzinfo=UTC)


def test_an_unknown_zone_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="Mars/Olympus"):
        clock.zone("Mars/Olympus")


def test_a_naive_time_is_read_in_the_given_zone() -> None:
    assert clock.aware(datetime(2026, 1, 1, 12), BERLIN) == datetime(2026, 1, 1, 11, tzinfo=UTC)
