-- What stands as reserved is the sum of the lines that hold it.
WITH held AS (
    SELECT variant_id, location_id, lot_id, status, owner_id, sum(held) AS quantity FROM inventory_reservationline WHERE held > 0 GROUP BY variant_id, location_id, lot_id, status, owner_id),
differing AS (
    SELECT variant_id, location_id, lot_id, status, owner_id, coalesce(h.quantity, 0) AS expected, coalesce(b.reserved, 0) AS found
    FROM held h FULL JOIN inventory_balance b USING (variant_id, location_id, lot_id, status, owner_id)
    WHERE coalesce(h.quantity, 0) <> coalesce(b.reserved, 0))
SELECT ledger.name_of_key_v1(variant_id, location_id, lot_id, status, owner_id), expected::text, found::text
FROM differing ORDER BY 1
