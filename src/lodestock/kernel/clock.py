"""Time: stored as aware UTC, shown and counted in the site's own zone.

Everything that says "today", "09:00" or "the last 90 days" asks this module, so that days of
23 and 25 hours are handled in one place.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import InvalidInput


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """The IANA zone ``name``. Raises :class:`InvalidInput` when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidInput(
            f"There is no time zone {name!r}: use an IANA name such as 'Europe/Berlin'.",
            field="time_zone",
        ) from None


def aware(moment: datetime, tz: str = "UTC") -> datetime:
    """``moment`` in UTC; a naive one is read as local time of ``tz`` (see :func:`at_local`)."""
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return at_local(moment.date(), moment.time(), tz)


def today(tz: str, *, at: datetime | None = None) -> date:
    """The site's calendar day at ``at`` (now when not given)."""
    return (at or now()).astimezone(zone(tz)).date()


def at_local(day: date, clock_time: time, tz: str) -> datetime:
    """The instant at which the site's clocks show ``clock_time`` on ``day``.

    A time that the spring change skips moves on by the length of the gap; of a time that the
    autumn change repeats, the first is meant (PEP 495, fold 0).
    """
    local = datetime.combine(day, clock_time.replace(tzinfo=None, fold=0), tzinfo=zone(tz))
    return local.astimezone(UTC)


def day_bounds(day: date, tz: str) -> tuple[datetime, datetime]:
    """First instant of the site's ``day`` and first instant of the next: 23, 24 or 25 hours."""
    return at_local(day, time.min, tz), at_local(day + timedelta(days=1), time.min, tz)


def trailing_days(days: int, tz: str, *, at: datetime | None = None) -> tuple[datetime, datetime]:
    """The ``days`` full site days before today, as (first instant, first instant of today)."""
    last = today(tz, at=at)
    return at_local(last - timedelta(days=days), time.min, tz), at_local(last, time.min, tz)
