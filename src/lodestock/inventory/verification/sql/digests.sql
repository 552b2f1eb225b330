-- Every posting has the lines it was sealed with. Recomputes each digest from the rows.
SELECT 'posting ' || coalesce(p.id, m.posting_id) || coalesce(' (' || p.reference_type || ' ' || p.reference_id || ')', '')
       || coalesce(', movements ' || m.first || ' to ' || m.last, ''),
       p.line_count || ' lines, digest ' || left(encode(p.digest, 'hex'), 16),
       coalesce(m.lines, 0) || ' lines, digest ' || coalesce(left(encode(m.digest, 'hex'), 16), 'none')
FROM inventory_posting p FULL JOIN (
    SELECT posting_id, count(*) AS lines, min(id) AS first, max(id) AS last,
           sha256(convert_to(min(kind) || E'\n' || string_agg(concat_ws('|', m.variant_id, m.lot_id, m.quantity::numeric(20, 6),
    m.source_id, m.source_hu_id, m.source_status, m.source_owner_id,
    m.destination_id, m.destination_hu_id, m.destination_status, m.destination_owner_id,
    m.unit_cost::numeric(20, 6), m.currency, m.reason_code), E'\n' ORDER BY id), 'UTF8')) AS digest
    FROM inventory_movement m GROUP BY posting_id) m ON m.posting_id = p.id
WHERE p.id IS NULL OR m.posting_id IS NULL OR p.line_count <> m.lines OR p.digest <> m.digest
