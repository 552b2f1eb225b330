-- Reservation lines that a posting consumes, or carries along. Reservations are documents:
-- they are locked before handling units and balances, in the order of their ids.
--
-- Every statement starts from the pins and looks up from there (materialized, LATERAL … OFFSET 0). After an
-- import that rolled back, statistics say that these tables are empty; a planner that believes them starts from
-- the tables, adds up the pins once for each row, and a second's work takes hours.

CREATE FUNCTION ledger.refuse_pin_v1(pins ledger.pin_v1[]) RETURNS void LANGUAGE sql AS $$
    SELECT ledger.refuse_v1('LS008', 'reservation does not hold that much', jsonb_build_object(
        'line_id', i.line_id, 'asked', i.asked::text, 'held', coalesce(p.held, 0)::text,
        'reservation_id', p.reservation_id))
    FROM (SELECT line_id, sum(quantity) AS asked FROM unnest(pins) GROUP BY line_id) i
    LEFT JOIN inventory_reservationline p ON p.id = i.line_id
    WHERE p.id IS NULL OR p.held < i.asked LIMIT 1
$$;

-- Takes the pinned quantities off their lines; answers what the balances must give back.
CREATE FUNCTION ledger.take_pins_v1(c ledger.context_v1, pins ledger.pin_v1[], p_postings bigint[])
RETURNS ledger.hold_v1[] LANGUAGE plpgsql AS $$
DECLARE
    v_holds ledger.hold_v1[];
    v_lines bigint;
BEGIN
    IF cardinality(pins) = 0 THEN RETURN ARRAY[]::ledger.hold_v1[]; END IF;
    PERFORM FROM inventory_reservation r
    WHERE r.id = ANY (ARRAY(SELECT p.reservation_id FROM unnest(pins) i CROSS JOIN LATERAL (
        SELECT reservation_id FROM inventory_reservationline WHERE id = i.line_id OFFSET 0) p))
    ORDER BY r.id FOR NO KEY UPDATE;
    WITH asked AS MATERIALIZED (
        SELECT line_id, sum(quantity) AS quantity, coalesce(sum(quantity) FILTER (WHERE to_id IS NULL), 0) AS used
        FROM unnest(pins) GROUP BY line_id),
    taken AS (
        UPDATE inventory_reservationline p SET held = p.held - i.quantity, consumed = p.consumed + i.used
        FROM asked i WHERE p.id = i.line_id AND p.held >= i.quantity
        RETURNING p.variant_id, p.location_id, p.lot_id, p.status, p.owner_id, i.quantity)
    SELECT array_agg(ROW(variant_id, location_id, lot_id, status, owner_id, -quantity)::ledger.hold_v1), count(*)
    INTO v_holds, v_lines FROM taken;
    IF v_lines <> (SELECT count(DISTINCT line_id) FROM unnest(pins)) THEN
        PERFORM ledger.refuse_pin_v1(pins);
    END IF;
    v_holds := v_holds || ledger.carry_pins_v1(pins);
    PERFORM ledger.note_consumed_v1(c, pins, p_postings);
    RETURN v_holds;
END $$;

-- Pins that go along with a move: held at the new place, for the same reservation.
CREATE FUNCTION ledger.carry_pins_v1(pins ledger.pin_v1[]) RETURNS ledger.hold_v1[] LANGUAGE plpgsql AS $$
DECLARE
    v_holds ledger.hold_v1[];
BEGIN
    WITH carried AS MATERIALIZED (
        SELECT p.reservation_id, p.variant_id, i.to_id, p.lot_id, i.to_status, i.to_owner_id, sum(i.quantity) AS quantity
        FROM unnest(pins) i CROSS JOIN LATERAL (
            SELECT reservation_id, variant_id, lot_id FROM inventory_reservationline WHERE id = i.line_id OFFSET 0) p
        WHERE i.to_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6),
    pinned AS (
        INSERT INTO inventory_reservationline AS p (reservation_id, variant_id, location_id, lot_id, status, owner_id, held)
        SELECT reservation_id, variant_id, to_id, lot_id, to_status, to_owner_id, quantity FROM carried
        ORDER BY reservation_id, to_id, lot_id
        ON CONFLICT ON CONSTRAINT inventory_reservationline_once DO UPDATE SET held = p.held + excluded.held)
    SELECT coalesce(array_agg(ROW(variant_id, to_id, lot_id, to_status, to_owner_id, quantity)::ledger.hold_v1), '{}')
    INTO v_holds FROM carried;
    RETURN v_holds;
END $$;

-- Brings reservations up to date and tells it: one event for each reservation consumed.
CREATE FUNCTION ledger.note_consumed_v1(c ledger.context_v1, pins ledger.pin_v1[], p_postings bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH used AS MATERIALIZED (
        SELECT p.reservation_id, min(i.posting) AS posting, sum(i.quantity) AS quantity
        FROM unnest(pins) i CROSS JOIN LATERAL (
            SELECT reservation_id FROM inventory_reservationline WHERE id = i.line_id OFFSET 0) p
        WHERE i.to_id IS NULL GROUP BY 1),
    holding AS MATERIALIZED (
        SELECT DISTINCT p.reservation_id FROM inventory_reservationline p
        WHERE p.reservation_id = ANY (ARRAY(SELECT reservation_id FROM used)) AND p.held > 0),
    noted AS (
        UPDATE inventory_reservation r SET version = r.version + 1, updated_at = transaction_timestamp(),
            status = CASE WHEN r.id IN (SELECT reservation_id FROM holding) THEN r.status ELSE 'consumed' END
        FROM used WHERE r.id = used.reservation_id RETURNING r.*, used.posting, used.quantity AS used)
    INSERT INTO eventstore_event (aggregate_type, aggregate_id, seq, event_type, occurred_at, recorded_at,
        actor_id, correlation_id, causation_id, payload)
    SELECT 'Reservation', id, version, 'ReservationConsumed', transaction_timestamp(), transaction_timestamp(),
        c.actor_id, c.correlation_id, c.causation_id, jsonb_build_object(
            'reference_type', reference_type, 'reference_id', reference_id, 'line_key', line_key,
            'variant_id', variant_id, 'quantity', used::text, 'posting_id', p_postings[posting])
    FROM noted;
END $$;
