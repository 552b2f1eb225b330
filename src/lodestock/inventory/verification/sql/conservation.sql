-- Over all places, virtual ones included, nothing appears or vanishes.
SELECT coalesce(v.sku, 'variant ' || s.variant_id) || CASE WHEN s.lot_id = 0 THEN '' ELSE ' lot ' || s.lot_id END,
       '0', sum(s.quantity)::text
FROM (SELECT variant_id, lot_id, sum(on_hand) AS quantity FROM inventory_balance GROUP BY 1, 2
      UNION ALL
      SELECT variant_id, lot_id, sum(quantity) FROM inventory_side
      WHERE location_id IN (SELECT id FROM inventory_place WHERE NOT keeps_stock) GROUP BY 1, 2) s
LEFT JOIN catalog_variant v ON v.id = s.variant_id
GROUP BY s.variant_id, s.lot_id, v.sku HAVING sum(s.quantity) <> 0
