"""``as_of`` and ``known_at``: questions about another instant."""

from __future__ import annotations

from datetime import datetime

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from lodestock.kernel import clock
from lodestock.kernel.errors import InvalidInput

AS_OF = OpenApiParameter(
    "as_of", datetime, description="What was true at this instant, with today's knowledge."
)
KNOWN_AT = OpenApiParameter(
    "known_at", datetime, description="As it was known at this instant (not later than now)."
)


def moment(request: Request, name: str) -> datetime | None:
    """The instant given as query parameter ``name``, in UTC; ``None`` when it is absent.

    Raises :class:`InvalidInput` for text that is no ISO 8601 instant, one without a time zone
    (whose midnight?) and one in the future.
    """
    text = request.query_params.get(name, "")
    if not text:
        return None
    # An unquoted "+" in a query string arrives as a space.
    found = _parse(text.replace(" ", "+") if "T" in text else text)
    if found is None or found.tzinfo is None:
        raise InvalidInput(
            f"{name} is {text[:40]!r}; an instant with time zone is needed, such as"
            " 2026-03-29T12:00:00Z.",
            field=name,
        )
    if found > clock.now():
        raise InvalidInput(f"{name} is {text[:40]!r}, which lies in the future.", field=name)
    return clock.aware(found)


def as_of(request: Request) -> datetime | None:
    """``?as_of=``: what was true then."""
    return moment(request, "as_of")


def known_at(request: Request) -> datetime | None:
    """``?known_at=``: what we believed then."""
    return moment(request, "known_at")


def _parse(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
