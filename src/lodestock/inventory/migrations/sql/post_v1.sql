-- post_v1: the one way stock moves. One call, in this order (docs/locking.md):
-- posting, or the answer to a replay -> movements and event -> pins -> handling units -> balances, last.
-- Refusals carry an SQLSTATE LS0xx and a JSON DETAIL; services/refusals.py turns them into errors.

CREATE FUNCTION ledger.post_v1(c ledger.context_v1, h ledger.header_v1[], l ledger.line_v1[], pins ledger.pin_v1[])
RETURNS SETOF ledger.receipt_v1
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A number of our own first: whoever seals the past (seal_v1) waits for everyone who has one,
    -- and the next statement sees every seal committed before.
    PERFORM pg_current_xact_id();
    IF cardinality(h) = 1 AND cardinality(l) = 1 AND cardinality(pins) = 0
       AND l[1].source_hu_id = 0 AND l[1].destination_hu_id = 0 THEN
        RETURN NEXT ledger.post_one_v1(c, h[1], l[1]);
    ELSE
        RETURN QUERY SELECT * FROM ledger.post_many_v1(c, h, l, pins);
    END IF;
END $$;

-- One posting of one loose line: the ordinary case, written without sets.
CREATE FUNCTION ledger.post_one_v1(c ledger.context_v1, h ledger.header_v1, l ledger.line_v1)
RETURNS ledger.receipt_v1 LANGUAGE plpgsql AS $$
DECLARE
    v_movement bigint := nextval('inventory_movement_id_seq');
    v_digest bytea := sha256(convert_to(h.kind || E'\n' || ledger.line_text(l), 'UTF8'));
    v_occurred timestamptz;
    answer ledger.receipt_v1;
BEGIN
    INSERT INTO inventory_posting (first_movement_id, last_movement_id, actor_id, recorded_at, occurred_at,
        line_count, kind, reference_type, reference_id, step, reason, digest)
    SELECT v_movement, v_movement, c.actor_id, now.at, ledger.occurred_v1(h.occurred_at, now.at),
        1, h.kind, h.reference_type, h.reference_id, h.step, h.reason, v_digest
    FROM (SELECT greatest(transaction_timestamp(), sealed_until) AS at FROM inventory_ledgerstate) now
    ON CONFLICT ON CONSTRAINT inventory_posting_once DO NOTHING
    RETURNING id, recorded_at, occurred_at INTO answer.posting_id, answer.recorded_at, v_occurred;
    IF NOT FOUND THEN RETURN ledger.replay_v1(h, v_digest); END IF;

    INSERT INTO inventory_movement (id, posting_id, variant_id, lot_id, source_id, source_hu_id, source_owner_id,
        destination_id, destination_hu_id, destination_owner_id, occurred_at, recorded_at, quantity, unit_cost,
        kind, source_status, destination_status, currency, reason_code, late)
    VALUES (v_movement, answer.posting_id, l.variant_id, l.lot_id, l.source_id, 0, l.source_owner_id,
        l.destination_id, 0, l.destination_owner_id, v_occurred, answer.recorded_at, l.quantity, l.unit_cost,
        h.kind, l.source_status, l.destination_status, l.currency, l.reason_code,
        v_occurred < date_trunc('month', answer.recorded_at, 'UTC'));
    INSERT INTO eventstore_event (aggregate_type, aggregate_id, seq, event_type, occurred_at, recorded_at,
        actor_id, correlation_id, causation_id, payload)
    VALUES ('Posting', answer.posting_id, 1, 'StockMoved', v_occurred, answer.recorded_at,
        c.actor_id, c.correlation_id, c.causation_id,
        ledger.event_json(h, 1, v_digest, jsonb_build_array(ledger.line_json(l, v_movement))));

    answer.below_zero := ledger.shift_line_v1(l);
    IF v_occurred < answer.recorded_at THEN
        answer.past := ledger.back_dated_v1(c, ARRAY[h], ARRAY[l], answer.recorded_at);
    END IF;
    answer.movement_ids := ARRAY[v_movement]; answer.replayed := false;
    RETURN answer;
END $$;

-- Many postings, or one of many lines, set by set. Lines stand in the order of their postings.
CREATE FUNCTION ledger.post_many_v1(c ledger.context_v1, h ledger.header_v1[], l ledger.line_v1[], pins ledger.pin_v1[])
RETURNS SETOF ledger.receipt_v1 LANGUAGE plpgsql AS $$
DECLARE
    v_recorded timestamptz := (SELECT greatest(transaction_timestamp(), sealed_until) FROM inventory_ledgerstate);
    v_postings bigint[] := ARRAY(SELECT nextval('inventory_posting_id_seq') FROM generate_subscripts(h, 1));
    v_movements bigint[] := ARRAY(SELECT nextval('inventory_movement_id_seq') FROM generate_subscripts(l, 1));
    v_digests bytea[] := ledger.digests_v1(h, l);
    v_new boolean[] := ledger.add_postings_v1(c, h, l, v_postings, v_movements, v_digests, v_recorded);
    v_lines ledger.line_v1[] := l;
    v_pins ledger.pin_v1[] := pins;
    v_holds ledger.hold_v1[];
    v_below jsonb;
    v_past jsonb;
BEGIN
    IF false = ANY (v_new) THEN
        SELECT coalesce(array_agg(l[n] ORDER BY n), '{}'), coalesce(array_agg(v_movements[n] ORDER BY n), '{}')
        INTO v_lines, v_movements FROM generate_subscripts(l, 1) n WHERE v_new[(l[n]).posting];
        v_pins := ARRAY(SELECT p FROM unnest(pins) p WHERE v_new[p.posting]);
    END IF;
    IF cardinality(v_lines) > 0 THEN
        PERFORM ledger.add_movements_v1(c, h, v_lines, v_postings, v_movements, v_digests, v_recorded);
        v_holds := ledger.take_pins_v1(c, v_pins, v_postings);
        PERFORM ledger.shift_units_v1(v_lines);
        v_below := ledger.shift_many_v1(v_lines, v_holds);
        IF EXISTS (SELECT FROM unnest(h) p WHERE p.occurred_at < v_recorded) THEN
            v_past := ledger.back_dated_v1(c, h, v_lines, v_recorded);
        END IF;
    END IF;
    RETURN QUERY SELECT * FROM ledger.receipts_v1(h, v_lines, v_postings, v_new, v_movements, v_digests,
                                                  v_recorded, v_below, v_past);
END $$;
