-- Every balance is the sum of its movements.
WITH folded AS (
    SELECT variant_id, location_id, lot_id, status, owner_id, sum(quantity) AS quantity FROM inventory_side WHERE location_id IN (SELECT id FROM inventory_place WHERE keeps_stock) GROUP BY variant_id, location_id, lot_id, status, owner_id),
differing AS (
    SELECT variant_id, location_id, lot_id, status, owner_id, coalesce(f.quantity, 0) AS expected, coalesce(b.on_hand, 0) AS found
    FROM folded f FULL JOIN inventory_balance b USING (variant_id, location_id, lot_id, status, owner_id)
    WHERE coalesce(f.quantity, 0) <> coalesce(b.on_hand, 0))
SELECT ledger.name_of_key_v1(variant_id, location_id, lot_id, status, owner_id), expected::text, found::text
FROM differing ORDER BY 1
