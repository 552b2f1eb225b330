-- One event for each posting, with its digest.
SELECT CASE WHEN p.id IS NULL THEN 'event ' || e.id ELSE 'posting ' || p.id END,
       coalesce(encode(p.digest, 'hex'), 'a posting'), coalesce(e.payload ->> 'digest', 'no event')
FROM inventory_posting p FULL JOIN (
    SELECT id, aggregate_id, payload FROM eventstore_event
    WHERE aggregate_type = 'Posting' AND event_type = 'StockMoved') e ON e.aggregate_id = p.id
WHERE p.id IS NULL OR e.id IS NULL OR e.payload ->> 'digest' IS DISTINCT FROM encode(p.digest, 'hex')
