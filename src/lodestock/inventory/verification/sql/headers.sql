-- Lines agree with their header about kind and both instants, and with the marks made from them.
SELECT 'movement ' || m.id || ' of posting ' || p.id,
       concat_ws(' ', p.kind, p.occurred_at, p.recorded_at), concat_ws(' ', m.kind, m.occurred_at, m.recorded_at, m.late)
FROM inventory_movement m JOIN inventory_posting p ON p.id = m.posting_id
WHERE (m.kind, m.occurred_at, m.recorded_at) <> (p.kind, p.occurred_at, p.recorded_at)
   OR m.id NOT BETWEEN p.first_movement_id AND p.last_movement_id
   OR m.late <> (m.occurred_at < date_trunc('month', m.recorded_at, 'UTC'))
   OR m.occurred_at > m.recorded_at
