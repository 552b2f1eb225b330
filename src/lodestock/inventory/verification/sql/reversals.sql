-- A reversal is the movement it names with its sides changed over.
SELECT 'reversal of movement ' || r.movement_id, 'its opposite in posting ' || r.reversing_posting_id, 'nothing'
FROM inventory_reversal r LEFT JOIN inventory_movement m ON m.id = r.movement_id
WHERE NOT EXISTS (SELECT FROM inventory_movement o WHERE o.posting_id = r.reversing_posting_id
    AND o.recorded_at = r.recorded_at
    AND (o.variant_id, o.lot_id, o.quantity, o.source_id, o.source_hu_id, o.source_status, o.source_owner_id)
      = (m.variant_id, m.lot_id, m.quantity, m.destination_id, m.destination_hu_id, m.destination_status, m.destination_owner_id)
    AND (o.destination_id, o.destination_hu_id, o.destination_status, o.destination_owner_id)
      = (m.source_id, m.source_hu_id, m.source_status, m.source_owner_id))
