"""Weights and freights that say "see the other line": find that line."""

from __future__ import annotations

from django.db import connection

from lodestock.kernel.db import transaction
from lodestock.shipping.types import Meaning, Pointers

# Both pointers of a line in one statement: one history entry a line, not two.
_RESOLVE = """
UPDATE shipping_shipmentline AS line SET
    weight_line_id = coalesce(line.weight_line_id, found.weight_line),
    freight_line_id = coalesce(line.freight_line_id, found.freight_line)
FROM (
    SELECT pointing.id, weight.id AS weight_line, freight.id AS freight_line
    FROM shipping_shipmentline AS pointing
    LEFT JOIN LATERAL (
        SELECT min(id) AS id FROM shipping_shipmentline AS other
        WHERE pointing.weight_meaning = %(see)s AND other.source = pointing.source
          AND other.external_key <> ''
          AND other.external_key = pointing.weight_see_key) AS weight ON true
    LEFT JOIN LATERAL (
        SELECT min(id) AS id FROM shipping_shipmentline AS other
        WHERE pointing.freight_meaning = %(see)s AND other.source = pointing.source
          AND other.external_key <> ''
          AND other.external_key = pointing.freight_see_key) AS freight ON true
    WHERE pointing.source = %(source)s
      AND (pointing.weight_meaning = 'see_other_line'
        OR pointing.freight_meaning = 'see_other_line')
      AND ((pointing.weight_meaning = %(see)s AND pointing.weight_line_id IS NULL)
        OR (pointing.freight_meaning = %(see)s AND pointing.freight_line_id IS NULL))
) AS found
WHERE line.id = found.id AND (
    (line.weight_line_id IS NULL AND found.weight_line IS NOT NULL)
    OR (line.freight_line_id IS NULL AND found.freight_line IS NOT NULL))
"""

_COUNT = """
SELECT count(*) FILTER (WHERE weight_meaning = %(see)s)
         + count(*) FILTER (WHERE freight_meaning = %(see)s),
       count(weight_line_id) FILTER (WHERE weight_meaning = %(see)s)
         + count(freight_line_id) FILTER (WHERE freight_meaning = %(see)s)
FROM shipping_shipmentline
WHERE source = %(source)s
  AND (weight_meaning = 'see_other_line' OR freight_meaning = 'see_other_line')
"""


def resolve_pointers(source: str) -> Pointers:
    """Find the lines that weights and freights of ``source`` point to.

    A pointer to a line that has not come yet stays open; the next call tries it again.
    """
    names = {"see": Meaning.SEE_OTHER_LINE.value, "source": source}
    with transaction(), connection.cursor() as cursor:
        cursor.execute(_RESOLVE, names)
        cursor.execute(_COUNT, names)
        found, resolved = cursor.fetchone()
    return Pointers(found=found, resolved=resolved)
