-- Postings and their lines: text for the digest, JSON for the event, the rows themselves.

-- What the digest covers of a line. The same text, set by set, stands in digests_v1 and verify.
CREATE FUNCTION ledger.line_text(l ledger.line_v1) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws('|', l.variant_id, l.lot_id, l.quantity::numeric(20, 6),
        l.source_id, l.source_hu_id, l.source_status, l.source_owner_id,
        l.destination_id, l.destination_hu_id, l.destination_status, l.destination_owner_id,
        l.unit_cost::numeric(20, 6), l.currency, l.reason_code)
$$;

CREATE FUNCTION ledger.digests_v1(h ledger.header_v1[], l ledger.line_v1[]) RETURNS bytea[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT array_agg(sha256(convert_to(h[posting].kind || E'\n' || body, 'UTF8')) ORDER BY posting)
    FROM (SELECT i.posting, string_agg(concat_ws('|', variant_id, lot_id, quantity::numeric(20, 6),
                source_id, source_hu_id, source_status, source_owner_id,
                destination_id, destination_hu_id, destination_status, destination_owner_id,
                unit_cost::numeric(20, 6), currency, reason_code), E'\n' ORDER BY n) AS body
          FROM unnest(l) WITH ORDINALITY AS i (posting, variant_id, lot_id, quantity,
                source_id, source_hu_id, source_status, source_owner_id,
                destination_id, destination_hu_id, destination_status, destination_owner_id,
                unit_cost, currency, reason_code, n)
          GROUP BY i.posting) bodies);
END $$;

CREATE FUNCTION ledger.line_json(l ledger.line_v1, movement_id bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('movement_id', movement_id, 'variant_id', l.variant_id, 'lot_id', l.lot_id,
        'quantity', (l.quantity::numeric(20, 6))::text, 'reason_code', l.reason_code,
        'from', jsonb_build_object('location_id', l.source_id, 'hu_id', l.source_hu_id,
                                   'status', l.source_status, 'owner_id', l.source_owner_id),
        'to', jsonb_build_object('location_id', l.destination_id, 'hu_id', l.destination_hu_id,
                                 'status', l.destination_status, 'owner_id', l.destination_owner_id))
$$;

CREATE FUNCTION ledger.lines_json(l ledger.line_v1[], movement_ids bigint[]) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_lines jsonb[];
BEGIN
    FOR n IN 1 .. cardinality(l) LOOP
        v_lines := array_append(v_lines, ledger.line_json(l[n], movement_ids[n]));
    END LOOP;
    RETURN to_jsonb(v_lines);
END $$;

-- `lines` is null for a posting of more than 20 lines (they would cost as much as the movements):
-- readers take those from the movements.
CREATE FUNCTION ledger.event_json(h ledger.header_v1, line_count integer, digest bytea, lines jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('kind', h.kind, 'reference_type', h.reference_type, 'reference_id', h.reference_id,
        'step', h.step, 'reason', h.reason, 'line_count', line_count, 'digest', encode(digest, 'hex'), 'lines', lines)
$$;

-- When it happened. A clock that runs up to five seconds ahead of ours means now; more is refused.
CREATE FUNCTION ledger.occurred_v1(p_occurred timestamptz, p_recorded timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_occurred > clock_timestamp() + interval '5 seconds' THEN
        RAISE EXCEPTION 'in the future' USING ERRCODE = 'LS004',
            DETAIL = jsonb_build_object('occurred_at', p_occurred, 'now', clock_timestamp());
    END IF;
    RETURN least(coalesce(p_occurred, p_recorded), p_recorded);
END $$;

-- The posting was there before: the same content gets the first answer, other content is refused.
CREATE FUNCTION ledger.replay_v1(h ledger.header_v1, p_digest bytea) RETURNS ledger.receipt_v1 LANGUAGE plpgsql AS $$
DECLARE
    p inventory_posting;
BEGIN
    SELECT * INTO STRICT p FROM inventory_posting
    WHERE (reference_type, reference_id, step) = (h.reference_type, h.reference_id, h.step);
    IF p.digest <> p_digest THEN
        RAISE EXCEPTION 'posted before with other content' USING ERRCODE = 'LS002',
            DETAIL = jsonb_build_object('reference_type', h.reference_type, 'reference_id', h.reference_id,
                                        'step', h.step, 'posting_id', p.id);
    END IF;
    RETURN ROW(p.id, ARRAY(
        SELECT id FROM inventory_movement m WHERE m.posting_id = p.id AND m.recorded_at = p.recorded_at
        AND m.id BETWEEN p.first_movement_id AND p.last_movement_id ORDER BY id),
        true, p.recorded_at, NULL, NULL)::ledger.receipt_v1;
END $$;

-- Which lines belong to each posting: how many, from, to.
CREATE FUNCTION ledger.spans_v1(l ledger.line_v1[])
RETURNS TABLE (posting integer, line_count integer, first integer, last integer) LANGUAGE sql STABLE AS $$
    SELECT i.posting, count(*)::integer, min(n)::integer, max(n)::integer
    FROM unnest(l) WITH ORDINALITY AS i (posting, variant_id, lot_id, quantity,
        source_id, source_hu_id, source_status, source_owner_id,
        destination_id, destination_hu_id, destination_status, destination_owner_id,
        unit_cost, currency, reason_code, n)
    GROUP BY i.posting
$$;

-- Writes the headers, sorted by their natural key, and says which of them are new.
CREATE FUNCTION ledger.add_postings_v1(c ledger.context_v1, h ledger.header_v1[], l ledger.line_v1[],
    p_postings bigint[], p_movements bigint[], p_digests bytea[], p_recorded timestamptz)
RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE
    v_new boolean[];
BEGIN
    WITH added AS (
        INSERT INTO inventory_posting (id, first_movement_id, last_movement_id, actor_id, recorded_at, occurred_at,
            line_count, kind, reference_type, reference_id, step, reason, digest)
        SELECT p_postings[n], p_movements[first], p_movements[last], c.actor_id, p_recorded,
            ledger.occurred_v1(occurred_at, p_recorded), line_count, kind, reference_type, reference_id, step,
            reason, p_digests[n]
        FROM unnest(h) WITH ORDINALITY AS i (kind, reference_type, reference_id, step, reason, occurred_at, n)
        JOIN ledger.spans_v1(l) span ON span.posting = n
        ORDER BY reference_type COLLATE "C", reference_id COLLATE "C", step COLLATE "C"
        ON CONFLICT ON CONSTRAINT inventory_posting_once DO NOTHING RETURNING id)
    SELECT array_agg(added.id IS NOT NULL ORDER BY n) INTO v_new
    FROM unnest(p_postings) WITH ORDINALITY AS p (id, n) LEFT JOIN added USING (id);
    RETURN v_new;
END $$;

-- The movements, and one event for each posting. A line between two places that keep no stock,
-- into a closed one, or from a side to the same side, is not written: then the count betrays it.
CREATE FUNCTION ledger.add_movements_v1(c ledger.context_v1, h ledger.header_v1[], l ledger.line_v1[],
    p_postings bigint[], p_movements bigint[], p_digests bytea[], p_recorded timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_written integer;
BEGIN
    INSERT INTO inventory_movement (id, posting_id, variant_id, lot_id, source_id, source_hu_id, source_owner_id,
        destination_id, destination_hu_id, destination_owner_id, occurred_at, recorded_at, quantity, unit_cost,
        kind, source_status, destination_status, currency, reason_code, late)
    SELECT i.movement_id, p.id, i.variant_id, i.lot_id, source_id, source_hu_id, source_owner_id,
        destination_id, destination_hu_id, destination_owner_id,
        least(coalesce(p.occurred_at, p_recorded), p_recorded), p_recorded, quantity, unit_cost,
        p.kind, source_status, destination_status, currency, reason_code,
        coalesce(p.occurred_at < date_trunc('month', p_recorded, 'UTC'), false)
    FROM ROWS FROM (unnest(l), unnest(p_movements)) AS i (posting, variant_id, lot_id, quantity,
        source_id, source_hu_id, source_status, source_owner_id,
        destination_id, destination_hu_id, destination_status, destination_owner_id,
        unit_cost, currency, reason_code, movement_id)
    JOIN ROWS FROM (unnest(h), unnest(p_postings)) WITH ORDINALITY AS p
        (kind, reference_type, reference_id, step, reason, occurred_at, id, n) ON p.n = i.posting
    CROSS JOIN LATERAL (SELECT keeps_stock FROM inventory_place WHERE id = source_id OFFSET 0) s
    CROSS JOIN LATERAL (SELECT keeps_stock, takes_stock FROM inventory_place WHERE id = destination_id OFFSET 0) d
    WHERE d.takes_stock AND (s.keeps_stock OR d.keeps_stock)
      AND (source_id, source_hu_id, source_status, source_owner_id)
       <> (destination_id, destination_hu_id, destination_status, destination_owner_id);
    GET DIAGNOSTICS v_written = ROW_COUNT;
    IF v_written <> cardinality(l) THEN PERFORM ledger.refuse_places_v1(l); END IF;

    INSERT INTO eventstore_event (aggregate_type, aggregate_id, seq, event_type, occurred_at, recorded_at,
        actor_id, correlation_id, causation_id, payload)
    SELECT 'Posting', p_postings[posting], 1, 'StockMoved',
        ledger.occurred_v1(h[posting].occurred_at, p_recorded), p_recorded,
        c.actor_id, c.correlation_id, c.causation_id,
        ledger.event_json(h[posting], line_count, p_digests[posting],
            CASE WHEN line_count <= 20 THEN ledger.lines_json(l[first:last], p_movements[first:last]) END)
    FROM ledger.spans_v1(l);
END $$;

-- Says what is wrong with the first line that could not be written.
CREATE FUNCTION ledger.refuse_places_v1(l ledger.line_v1[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_detail jsonb;
BEGIN
    SELECT jsonb_build_object('line', n, 'variant_id', i.variant_id, 'problem', CASE
            WHEN s.id IS NULL THEN 'unknown' WHEN d.id IS NULL THEN 'unknown'
            WHEN NOT d.takes_stock THEN 'closed'
            WHEN NOT (s.keeps_stock OR d.keeps_stock) THEN 'virtual' ELSE 'same' END,
        'location_id', CASE WHEN s.id IS NULL THEN source_id ELSE destination_id END,
        'location', (SELECT path FROM locations_location WHERE id = destination_id))
    INTO v_detail
    FROM unnest(l) WITH ORDINALITY AS i (posting, variant_id, lot_id, quantity,
        source_id, source_hu_id, source_status, source_owner_id,
        destination_id, destination_hu_id, destination_status, destination_owner_id,
        unit_cost, currency, reason_code, n)
    LEFT JOIN inventory_place s ON s.id = source_id
    LEFT JOIN inventory_place d ON d.id = destination_id
    WHERE (d.takes_stock AND (s.keeps_stock OR d.keeps_stock)
        AND (source_id, source_hu_id, source_status, source_owner_id)
         <> (destination_id, destination_hu_id, destination_status, destination_owner_id)) IS NOT TRUE
    ORDER BY n LIMIT 1;
    RAISE EXCEPTION 'place refused' USING ERRCODE = 'LS003', DETAIL = coalesce(v_detail, '{}');
END $$;

-- One receipt for each header, in their order.
CREATE FUNCTION ledger.receipts_v1(h ledger.header_v1[], l ledger.line_v1[], p_postings bigint[], p_new boolean[],
    p_movements bigint[], p_digests bytea[], p_recorded timestamptz, p_below jsonb, p_past jsonb)
RETURNS SETOF ledger.receipt_v1 LANGUAGE plpgsql AS $$
DECLARE
    v_from integer := 1;
    v_to integer;
BEGIN
    IF cardinality(h) = 1 AND p_new[1] THEN
        RETURN NEXT ROW(p_postings[1], p_movements, false, p_recorded, p_below, p_past)::ledger.receipt_v1;
        RETURN;
    END IF;
    FOR n IN 1 .. cardinality(h) LOOP
        IF NOT p_new[n] THEN
            RETURN NEXT ledger.replay_v1(h[n], p_digests[n]);
            CONTINUE;
        END IF;
        v_to := v_from;
        WHILE v_to < cardinality(l) AND l[v_to + 1].posting = n LOOP v_to := v_to + 1; END LOOP;
        RETURN NEXT ROW(p_postings[n], p_movements[v_from:v_to], false, p_recorded,
                        CASE WHEN n = 1 THEN p_below END, CASE WHEN n = 1 THEN p_past END)::ledger.receipt_v1;
        v_from := v_to + 1;
    END LOOP;
END $$;
