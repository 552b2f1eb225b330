-- Reserved is at most what is on hand, and only of available stock; on hand is not below zero.
WITH differing AS (
    SELECT variant_id, location_id, lot_id, status, owner_id, 'within bounds' AS expected,
           'on hand ' || on_hand || ', reserved ' || reserved || ', in units ' || in_units AS found
    FROM inventory_balance
    WHERE (NOT allow_negative AND (on_hand < 0 OR reserved > on_hand OR in_units > on_hand))
       OR reserved < 0 OR in_units < 0 OR (reserved > 0 AND status <> 'available'))
SELECT ledger.name_of_key_v1(variant_id, location_id, lot_id, status, owner_id), expected::text, found::text
FROM differing ORDER BY 1
