-- Each snapshot has the rows it says; the newest of each axis is the sum of the rows behind it.
SELECT n.axis || ' snapshot of ' || n.boundary, n.row_count || ' rows', count(r.variant_id) || ' rows'
FROM inventory_snapshot n LEFT JOIN inventory_snapshotrow r ON r.snapshot_id = n.id
GROUP BY n.id HAVING n.row_count <> count(r.variant_id)
UNION ALL
(WITH newest AS (SELECT DISTINCT ON (axis) id, axis, boundary, built_through FROM inventory_snapshot ORDER BY axis, boundary DESC),
folded AS (
    SELECT n.id AS snapshot_id, s.variant_id, s.location_id, s.lot_id, s.status::text AS status, s.owner_id, sum(s.quantity) AS quantity
    FROM newest n JOIN inventory_side s ON CASE n.axis WHEN 'recorded' THEN s.recorded_at < n.boundary
        ELSE s.late AND s.occurred_at < n.boundary AND s.recorded_at >= n.boundary AND s.recorded_at < n.built_through END
    WHERE s.location_id IN (SELECT id FROM inventory_place WHERE keeps_stock)
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(s.quantity) <> 0),
kept AS (
    SELECT snapshot_id, variant_id, location_id, lot_id, status::text AS status, owner_id, sum(quantity) AS quantity
    FROM inventory_snapshotrow WHERE snapshot_id IN (SELECT id FROM newest) GROUP BY 1, 2, 3, 4, 5, 6)
SELECT 'snapshot ' || snapshot_id || ': ' || ledger.name_of_key_v1(variant_id, location_id, lot_id, status, owner_id),
       coalesce(f.quantity, 0)::text, coalesce(r.quantity, 0)::text
FROM folded f FULL JOIN kept r USING (snapshot_id, variant_id, location_id, lot_id, status, owner_id)
WHERE coalesce(f.quantity, 0) <> coalesce(r.quantity, 0))
