"""Learn lead times from receipts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from lodestock.kernel.db import transaction
from lodestock.kernel.exact_json import dumps
from lodestock.partners.models import LeadTimeStatistics
from lodestock.partners.types import LeadTimeObservation

_SUMS = """
    SELECT partner_id, count(*), sum(days), sum(days * days), min(days), max(days), max(received_on)
    FROM {source} GROUP BY partner_id ORDER BY partner_id
"""
_KEEP = """
INSERT INTO partners_leadtimestatistics AS kept (partner_id, count, total_days, total_squared_days,
    shortest_days, longest_days, last_received_on)
"""
_ADD_UP = """
ON CONFLICT (partner_id) DO UPDATE SET
    count = kept.count + excluded.count,
    total_days = kept.total_days + excluded.total_days,
    total_squared_days = kept.total_squared_days + excluded.total_squared_days,
    shortest_days = least(kept.shortest_days, excluded.shortest_days),
    longest_days = greatest(kept.longest_days, excluded.longest_days),
    last_received_on = greatest(kept.last_received_on, excluded.last_received_on)
"""
_OBSERVE = f"""
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb)
    AS g(partner_id bigint, reference_type text, reference_id text,
         ordered_on date, received_on date)),
fresh AS (
    INSERT INTO partners_leadtimereceipt
        (partner_id, reference_type, reference_id, ordered_on, received_on)
    SELECT partner_id, reference_type, reference_id, ordered_on, received_on FROM given
    WHERE received_on >= ordered_on
    ORDER BY reference_type, reference_id
    ON CONFLICT (reference_type, reference_id) DO NOTHING
    RETURNING partner_id, received_on, (received_on - ordered_on)::bigint AS days),
summed AS ({_KEEP} {_SUMS.format(source="fresh")} {_ADD_UP})
SELECT count(*) FROM fresh
"""  # noqa: S608 - put together from the constants above
_RECEIPTS = """
(SELECT partner_id, received_on, (received_on - ordered_on)::bigint AS days
 FROM partners_leadtimereceipt) AS receipts
"""


def observe_lead_times(observations: Iterable[LeadTimeObservation]) -> int:
    """Count receipts into the observed lead times; returns how many were new.

    A reference counted before changes nothing, so a replay is harmless. A receipt dated before
    its order is no evidence of a lead time and is left out. One statement, one transaction.
    """
    given = [
        {
            "partner_id": seen.partner_id,
            "reference_type": seen.reference_type,
            "reference_id": seen.reference_id,
            "ordered_on": seen.ordered_on,
            "received_on": seen.received_on,
        }
        for seen in observations
    ]
    if not given:
        return 0
    with transaction(), connection.cursor() as cursor:
        cursor.execute(_OBSERVE, [dumps(given)])
        new: int = cursor.fetchone()[0]
    return new


def rebuild_lead_times() -> int:
    """Compute all observed lead times anew from the receipts; returns how many suppliers."""
    with transaction(), connection.cursor() as cursor:
        # Whoever counts receipts writes here: wait for them, and let the next ones wait for us.
        cursor.execute("LOCK TABLE partners_leadtimestatistics IN SHARE ROW EXCLUSIVE MODE")
        LeadTimeStatistics.objects.all().delete()
        cursor.execute(f"{_KEEP} {_SUMS.format(source=_RECEIPTS)}")
        return int(cursor.rowcount)
