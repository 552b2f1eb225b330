-- A correction is a posting with the sides changed over, linked to what it corrects, once.
-- Newest line first, so that what was packed last is unpacked first.

CREATE FUNCTION ledger.reverse_v1(c ledger.context_v1, h ledger.header_v1, p_movements bigint[])
RETURNS SETOF ledger.receipt_v1
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_lines ledger.line_v1[];
    v_twice bigint;
    answer ledger.receipt_v1;
BEGIN
    SELECT movement_id INTO v_twice FROM inventory_reversal WHERE movement_id = ANY (p_movements) LIMIT 1;
    IF v_twice IS NOT NULL THEN
        PERFORM ledger.refuse_v1('LS009', 'reversed before', jsonb_build_object('movement_id', v_twice));
    END IF;
    SELECT array_agg(ROW(1, variant_id, lot_id, quantity, destination_id, destination_hu_id, destination_status,
            destination_owner_id, source_id, source_hu_id, source_status, source_owner_id, unit_cost, currency,
            reason_code)::ledger.line_v1 ORDER BY id DESC)
    INTO v_lines FROM inventory_movement WHERE id = ANY (p_movements);
    SELECT * INTO answer FROM ledger.post_v1(c, ARRAY[h], v_lines, '{}');
    IF answer.replayed THEN
        PERFORM ledger.refuse_v1('LS009', 'reversed before', jsonb_build_object('movement_id', p_movements[1]));
    END IF;
    INSERT INTO inventory_reversal (movement_id, reversing_posting_id, recorded_at)
    SELECT m, answer.posting_id, answer.recorded_at FROM unnest(p_movements) m ORDER BY m;
    RETURN NEXT answer;
END $$;
