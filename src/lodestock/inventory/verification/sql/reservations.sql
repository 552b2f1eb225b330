-- A promise is what it holds, what was taken from it, and what is short.
SELECT 'reservation ' || r.id || ' for ' || r.reference_type || ' ' || r.reference_id || ' ' || r.line_key,
       r.status || ' ' || r.quantity, 'held ' || coalesce(p.held, 0) || ', consumed ' || coalesce(p.consumed, 0)
       || ', short ' || r.shortage
FROM inventory_reservation r LEFT JOIN (
    SELECT reservation_id, sum(held) AS held, sum(consumed) AS consumed
    FROM inventory_reservationline GROUP BY 1) p ON p.reservation_id = r.id
WHERE (r.status = 'held' AND coalesce(p.held, 0) = 0)
   OR (r.status <> 'held' AND coalesce(p.held, 0) > 0)
   OR (r.status = 'held' AND coalesce(p.held, 0) + coalesce(p.consumed, 0) + r.shortage <> r.quantity)
