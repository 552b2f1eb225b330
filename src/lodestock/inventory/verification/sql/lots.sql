-- Goods tracked by lot have one, of their own variant; serial numbers are single pieces.
SELECT 'movement ' || m.id || ' of ' || v.sku, 'a lot of its own', 'lot ' || m.lot_id
FROM inventory_movement m JOIN catalog_variant v ON v.id = m.variant_id
LEFT JOIN inventory_lot l ON l.id = m.lot_id AND l.variant_id = m.variant_id
WHERE (v.tracking = 'lot' OR m.lot_id <> 0) AND l.id IS NULL
UNION ALL
SELECT 'handling unit ' || c.hu_id || ' with ' || v.sku, '1 piece', c.quantity::text
FROM inventory_hucontent c JOIN catalog_variant v ON v.id = c.variant_id
WHERE v.tracking = 'serial' AND c.quantity <> 1
