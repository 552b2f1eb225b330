-- The content of every unit is the sum of the movements into and out of it.
WITH folded AS (
    SELECT hu_id, variant_id, lot_id, status::text AS status, owner_id, sum(quantity) AS quantity
    FROM inventory_side WHERE hu_id <> 0 GROUP BY 1, 2, 3, 4, 5 HAVING sum(quantity) <> 0)
SELECT 'handling unit ' || hu_id || ': variant ' || variant_id || ' lot ' || lot_id || ' ' || status,
       coalesce(f.quantity, 0)::text, coalesce(c.quantity, 0)::text
FROM folded f FULL JOIN inventory_hucontent c USING (hu_id, variant_id, lot_id, status, owner_id)
WHERE coalesce(f.quantity, 0) <> coalesce(c.quantity, 0)
