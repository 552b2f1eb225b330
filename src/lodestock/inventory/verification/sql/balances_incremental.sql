-- The same from the newest snapshot of the books and the movements since.
WITH base AS (
    SELECT id, boundary FROM inventory_snapshot WHERE axis = 'recorded' ORDER BY boundary DESC LIMIT 1),
folded AS (
    SELECT variant_id, location_id, lot_id, status, owner_id, sum(quantity) AS quantity FROM (
        SELECT variant_id, location_id, lot_id, status, owner_id, quantity FROM inventory_snapshotrow WHERE snapshot_id = (SELECT id FROM base)
        UNION ALL
        SELECT variant_id, location_id, lot_id, status, owner_id, quantity FROM inventory_side
        WHERE recorded_at >= coalesce((SELECT boundary FROM base), '-infinity') AND location_id IN (SELECT id FROM inventory_place WHERE keeps_stock)
    ) parts GROUP BY variant_id, location_id, lot_id, status, owner_id),
differing AS (
    SELECT variant_id, location_id, lot_id, status, owner_id, coalesce(f.quantity, 0) AS expected, coalesce(b.on_hand, 0) AS found
    FROM folded f FULL JOIN inventory_balance b USING (variant_id, location_id, lot_id, status, owner_id)
    WHERE coalesce(f.quantity, 0) <> coalesce(b.on_hand, 0))
SELECT ledger.name_of_key_v1(variant_id, location_id, lot_id, status, owner_id), expected::text, found::text
FROM differing ORDER BY 1
