-- A balance says "closed" exactly while its place is closed or retired, and is empty then.
SELECT ledger.name_of_key_v1(b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id),
       CASE WHEN l.active AND l.status = 'open' THEN 'open' ELSE 'closed, 0' END,
       CASE WHEN b.closed THEN 'closed, ' ELSE 'open, ' END || b.on_hand
FROM inventory_balance b JOIN locations_location l ON l.id = b.location_id
WHERE b.closed = (l.active AND l.status = 'open') OR (b.closed AND b.on_hand <> 0) ORDER BY 1
