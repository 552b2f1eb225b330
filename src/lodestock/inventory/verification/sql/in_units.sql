-- What stands as packed is the content of the units whose root is there.
WITH RECURSIVE tree AS (
    SELECT id, location_id FROM inventory_handlingunit WHERE parent_id IS NULL
    UNION ALL
    SELECT u.id, tree.location_id FROM inventory_handlingunit u JOIN tree ON u.parent_id = tree.id),
packed AS (
    SELECT c.variant_id, t.location_id, c.lot_id, c.status::text AS status, c.owner_id, sum(c.quantity) AS quantity
    FROM inventory_hucontent c JOIN tree t ON t.id = c.hu_id
    WHERE t.location_id IN (SELECT id FROM inventory_place WHERE keeps_stock) GROUP BY 1, 2, 3, 4, 5),
differing AS (
    SELECT variant_id, location_id, lot_id, status, owner_id, coalesce(p.quantity, 0) AS expected, coalesce(b.in_units, 0) AS found
    FROM packed p FULL JOIN inventory_balance b USING (variant_id, location_id, lot_id, status, owner_id)
    WHERE coalesce(p.quantity, 0) <> coalesce(b.in_units, 0))
SELECT ledger.name_of_key_v1(variant_id, location_id, lot_id, status, owner_id), expected::text, found::text
FROM differing ORDER BY 1
