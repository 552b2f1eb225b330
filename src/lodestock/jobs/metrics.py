"""Counting how jobs end; ``/metrics`` shows it (see ``selectors.tallies``)."""

from __future__ import annotations

from bisect import bisect_left

from django.db import connection

#: Upper bounds of the duration classes, in seconds.
BOUNDS = (0.01, 0.05, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 1800.0)

_COUNT = """
INSERT INTO jobs_jobtally AS t (kind, status, ended, milliseconds, buckets)
VALUES (%s, %s, 1, %s, %s::bigint[])
ON CONFLICT (kind, status) DO UPDATE
SET ended = t.ended + 1, milliseconds = t.milliseconds + excluded.milliseconds,
    buckets = ARRAY(SELECT a + b FROM unnest(t.buckets, excluded.buckets) AS pair(a, b))
"""


def count_end(kind: str, status: str, seconds: float) -> None:
    """Count one end of a job, in the caller's transaction."""
    classes = [0] * (len(BOUNDS) + 1)
    classes[bisect_left(BOUNDS, seconds)] = 1
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [kind, status, round(seconds * 1000), classes])
