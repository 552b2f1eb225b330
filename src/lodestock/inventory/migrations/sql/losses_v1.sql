-- A loss is the truth of whoever counted, and promises give way to it: the youngest first, to other
-- goods within their reach, and what finds none is a shortage.
--
-- Locks in the order of docs/locking.md: reservations, units, balances, all that may be needed. The
-- posting that follows finds every one of them its own. It takes its natural key last, which is safe
-- because all losses of promised goods do.

-- The lot somebody asked for by name: a promise of it is not kept with another one.
ALTER TABLE inventory_reservation ADD COLUMN lot_id bigint;

CREATE FUNCTION ledger.want_lots_v1(p_ids bigint[], p_lots bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE inventory_reservation v SET lot_id = w.lot FROM unnest(p_ids, p_lots) AS w (id, lot)
    WHERE v.id = w.id AND v.lot_id IS DISTINCT FROM w.lot
$$;

-- What these lines take out of stock for good, by balance. A posting that somebody booked meanwhile
-- takes nothing any more: it is answered, not booked again.
CREATE FUNCTION ledger.losses_v1(h ledger.header_v1[], l ledger.line_v1[])
RETURNS TABLE (variant_id bigint, location_id bigint, lot_id bigint, status text, owner_id bigint, quantity numeric)
LANGUAGE sql STABLE AS $$
    SELECT i.variant_id, i.source_id, i.lot_id, i.source_status, i.source_owner_id, sum(i.quantity)
    FROM unnest(l) i
    JOIN inventory_place s ON s.id = i.source_id AND s.keeps_stock
    JOIN inventory_place d ON d.id = i.destination_id AND NOT d.keeps_stock
    WHERE (h[i.posting]).kind IN ('adjust', 'scrap') AND NOT EXISTS (
        SELECT FROM inventory_posting p WHERE (p.reference_type, p.reference_id, p.step)
            = ((h[i.posting]).reference_type, (h[i.posting]).reference_id, (h[i.posting]).step))
    GROUP BY 1, 2, 3, 4, 5
$$;

-- Who is promised goods that these lines take away.
CREATE FUNCTION ledger.promised_of_v1(h ledger.header_v1[], l ledger.line_v1[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT p.reservation_id), '{}') FROM ledger.losses_v1(h, l) x
    JOIN inventory_reservationline p ON p.held > 0 AND (p.variant_id, p.location_id, p.lot_id, p.status, p.owner_id)
                                                     = (x.variant_id, x.location_id, x.lot_id, x.status, x.owner_id)
$$;

-- Locks everything concerned; answers the ids of the balances that are ours now.
CREATE FUNCTION ledger.lock_losses_v1(h ledger.header_v1[], l ledger.line_v1[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    v_promised bigint[] := ledger.promised_of_v1(h, l);
    v_units bigint[] := ARRAY(SELECT source_hu_id FROM unnest(l) UNION SELECT destination_hu_id FROM unnest(l));
    v_rows bigint[];
BEGIN
    PERFORM FROM inventory_reservation WHERE id = ANY (v_promised) ORDER BY id FOR NO KEY UPDATE;
    PERFORM FROM inventory_handlingunit u WHERE u.id IN (SELECT root_id FROM ledger.unit_roots_v1(v_units)
                                                        UNION SELECT unnest(v_units)) ORDER BY u.id FOR NO KEY UPDATE;
    WITH wanted AS (
        SELECT variant_id, location_id, lot_id, status, owner_id FROM ledger.deltas_v1(l, '{}')
        UNION
        SELECT b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id
        FROM inventory_reservation r JOIN inventory_balance b ON b.variant_id = r.variant_id
            AND b.location_id = ANY (r.scope) AND b.status = 'available' AND b.on_hand > b.reserved
        WHERE r.id = ANY (v_promised)),
    locked AS MATERIALIZED (
        SELECT b.id FROM wanted w JOIN inventory_balance b ON (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
                                                            = (w.variant_id, w.location_id, w.lot_id, w.status, w.owner_id)
        ORDER BY b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id FOR NO KEY UPDATE OF b)
    SELECT array_agg(id) INTO v_rows FROM locked;
    -- Promised since we looked. Not waited for: whoever has one of these may be waiting for our balances.
    PERFORM FROM inventory_reservation WHERE id = ANY (ledger.promised_of_v1(h, l)) AND id <> ALL (v_promised)
    ORDER BY id FOR NO KEY UPDATE NOWAIT;
    RETURN v_rows;
END $$;

CREATE TYPE ledger.displaced_v1 AS (reservation_id bigint, owner_id bigint, location_id bigint, lot_id bigint, quantity numeric);

-- Takes off the youngest promises what is no longer there for them.
CREATE FUNCTION ledger.displace_v1(h ledger.header_v1[], l ledger.line_v1[]) RETURNS ledger.displaced_v1[] LANGUAGE plpgsql AS $$
DECLARE
    v_displaced ledger.displaced_v1[];
BEGIN
    WITH short AS MATERIALIZED (
        SELECT x.*, b.reserved - greatest(b.on_hand - x.quantity, 0) AS excess FROM ledger.losses_v1(h, l) x
        JOIN inventory_balance b ON (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
                                  = (x.variant_id, x.location_id, x.lot_id, x.status, x.owner_id)
        WHERE b.reserved > greatest(b.on_hand - x.quantity, 0)),
    youngest AS (
        SELECT p.*, s.excess, sum(p.held) OVER (PARTITION BY p.variant_id, p.location_id, p.lot_id, p.status, p.owner_id
                                                ORDER BY p.reservation_id DESC) - p.held AS before
        FROM short s JOIN inventory_reservationline p ON p.held > 0
            AND (p.variant_id, p.location_id, p.lot_id, p.status, p.owner_id)
              = (s.variant_id, s.location_id, s.lot_id, s.status, s.owner_id)),
    freed AS MATERIALIZED (SELECT y.*, least(y.held, y.excess - y.before) AS freed FROM youngest y WHERE y.before < y.excess),
    unpinned AS (UPDATE inventory_reservationline p SET held = p.held - f.freed FROM freed f WHERE p.id = f.id),
    summed AS MATERIALIZED (SELECT variant_id, location_id, lot_id, status, owner_id, sum(freed) AS freed FROM freed GROUP BY 1, 2, 3, 4, 5),
    unreserved AS (
        UPDATE inventory_balance b SET reserved = b.reserved - s.freed, version = b.version + 1 FROM summed s
        WHERE (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
            = (s.variant_id, s.location_id, s.lot_id, s.status, s.owner_id))
    SELECT array_agg(ROW(reservation_id, owner_id, location_id, lot_id, freed)::ledger.displaced_v1 ORDER BY reservation_id, id)
    INTO v_displaced FROM freed;
    RETURN coalesce(v_displaced, '{}');
END $$;

-- Pins a displaced quantity to other goods of ours (p_rows), first expiring first; answers how much.
CREATE FUNCTION ledger.pin_elsewhere_v1(h ledger.header_v1[], l ledger.line_v1[], p_rows bigint[], d ledger.displaced_v1)
RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    r inventory_reservation;
    b record;
    v_left numeric := d.quantity;
BEGIN
    SELECT * INTO STRICT r FROM inventory_reservation WHERE id = d.reservation_id;
    FOR b IN
        SELECT w.id, w.variant_id, w.location_id, w.lot_id, w.owner_id,
               w.on_hand - w.reserved - coalesce(x.quantity, 0) AS free
        FROM inventory_balance w
        JOIN locations_location place ON place.id = w.location_id LEFT JOIN organisation_site site ON site.id = place.site_id
        LEFT JOIN inventory_lot lot ON lot.id = w.lot_id
        LEFT JOIN ledger.losses_v1(h, l) x ON (x.variant_id, x.location_id, x.lot_id, x.status, x.owner_id)
                                            = (w.variant_id, w.location_id, w.lot_id, w.status, w.owner_id)
        WHERE w.id = ANY (p_rows) AND w.variant_id = r.variant_id AND w.owner_id = d.owner_id AND w.status = 'available'
          AND w.location_id = ANY (r.scope) AND (r.lot_id IS NULL OR w.lot_id = r.lot_id)
          AND (w.lot_id = 0 OR lot.status = 'released')
          AND w.expires_on >= (transaction_timestamp() AT TIME ZONE coalesce(site.time_zone, 'UTC'))::date
        ORDER BY w.expires_on, w.location_id, w.lot_id
    LOOP
        CONTINUE WHEN b.free <= 0;
        EXIT WHEN v_left = 0;
        INSERT INTO inventory_reservationline AS p (reservation_id, variant_id, location_id, lot_id, owner_id, status, held)
        VALUES (r.id, b.variant_id, b.location_id, b.lot_id, b.owner_id, 'available', least(b.free, v_left))
        ON CONFLICT ON CONSTRAINT inventory_reservationline_once DO UPDATE SET held = p.held + excluded.held;
        UPDATE inventory_balance SET reserved = reserved + least(b.free, v_left), version = version + 1 WHERE id = b.id;
        v_left := v_left - least(b.free, v_left);
    END LOOP;
    RETURN d.quantity - v_left;
END $$;

-- Brings one reservation up to date and tells it: what it lost, and what it holds instead.
CREATE FUNCTION ledger.note_displaced_v1(c ledger.context_v1, p_id bigint, p_lost numeric, p_pinned numeric)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    r inventory_reservation;
    v_about jsonb;
BEGIN
    UPDATE inventory_reservation v SET version = v.version + 2, updated_at = transaction_timestamp(),
        shortage = v.shortage + p_lost - p_pinned,
        status = CASE WHEN EXISTS (SELECT FROM inventory_reservationline p WHERE p.reservation_id = v.id AND p.held > 0)
                      THEN 'held' ELSE 'rejected' END
    WHERE v.id = p_id RETURNING v.* INTO r;
    v_about := jsonb_build_object('reference_type', r.reference_type, 'reference_id', r.reference_id,
                                  'line_key', r.line_key, 'variant_id', r.variant_id);
    INSERT INTO eventstore_event (aggregate_type, aggregate_id, seq, event_type, occurred_at, recorded_at,
        actor_id, correlation_id, causation_id, payload)
    SELECT 'Reservation', r.id, r.version - 1 + n, name, transaction_timestamp(), transaction_timestamp(),
        c.actor_id, c.correlation_id, c.causation_id, v_about || figures
    FROM (VALUES
        (0, 'ReservationReleased', jsonb_build_object('quantity', p_lost::numeric(20, 6)::text, 'cause', 'loss')),
        (1, CASE WHEN p_pinned > 0 THEN 'InventoryReserved' ELSE 'ReservationRejected' END, jsonb_build_object(
            'quantity', p_pinned::numeric(20, 6)::text, 'shortage', r.shortage::numeric(20, 6)::text))
    ) AS told (n, name, figures);
    RETURN v_about || jsonb_build_object('reservation_id', r.id, 'lost', p_lost::numeric(20, 6)::text,
        'short', (p_lost - p_pinned)::numeric(20, 6)::text,
        'sku', (SELECT sku FROM catalog_variant WHERE id = r.variant_id));
END $$;

-- Answers who fell short, one object for each reservation.
CREATE FUNCTION ledger.give_way_v1(c ledger.context_v1, h ledger.header_v1[], l ledger.line_v1[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_rows bigint[] := ledger.lock_losses_v1(h, l);
    v_displaced ledger.displaced_v1[] := ledger.displace_v1(h, l);
    v_pinned numeric[] := '{}';
    v_short jsonb;
BEGIN
    FOR n IN 1 .. cardinality(v_displaced) LOOP
        v_pinned := array_append(v_pinned, ledger.pin_elsewhere_v1(h, l, v_rows, v_displaced[n]));
    END LOOP;
    SELECT jsonb_agg(told) FILTER (WHERE lost > pinned) INTO v_short FROM (
        SELECT ledger.note_displaced_v1(c, id, sum(quantity), sum(got)) AS told, sum(quantity) AS lost, sum(got) AS pinned
        FROM (SELECT (v_displaced[n]).reservation_id AS id, (v_displaced[n]).quantity AS quantity, v_pinned[n] AS got
              FROM generate_subscripts(v_displaced, 1) n) parts
        GROUP BY id ORDER BY id) noted;
    RETURN v_short;
END $$;

-- post_v1 for postings that may be losses: as it is while nobody is promised the goods, or after
-- the promises have given way. `short`: promises that nothing is left for, on the first row.
CREATE FUNCTION ledger.post_loss_v1(c ledger.context_v1, h ledger.header_v1[], l ledger.line_v1[], pins ledger.pin_v1[])
RETURNS TABLE (posting_id bigint, movement_ids bigint[], replayed boolean, recorded_at timestamptz,
               below_zero jsonb, past jsonb, short jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_promised boolean;
    v_receipts ledger.receipt_v1[];
    v_short jsonb;
BEGIN
    PERFORM pg_current_xact_id(); -- see post_v1
    FOR attempt IN 1 .. 5 LOOP
        v_promised := ledger.promised_of_v1(h, l) <> '{}';
        BEGIN
            IF v_promised THEN v_short := ledger.give_way_v1(c, h, l); END IF;
            v_receipts := ARRAY(SELECT r FROM ledger.post_v1(c, h, l, pins) r);
            EXIT;
        EXCEPTION
            -- Not enough; unless it was promised to somebody while we were at it.
            WHEN SQLSTATE 'LS001' THEN
                IF v_promised OR attempt = 5 OR ledger.promised_of_v1(h, l) = '{}' THEN RAISE; END IF;
            -- Somebody has a promise that was made meanwhile: let go of everything and look again.
            WHEN lock_not_available THEN IF attempt = 5 THEN RAISE; END IF;
        END;
    END LOOP;
    RETURN QUERY SELECT r.posting_id, r.movement_ids, r.replayed, r.recorded_at, r.below_zero, r.past,
                        CASE WHEN n = 1 THEN v_short END
        FROM generate_subscripts(v_receipts, 1) n CROSS JOIN LATERAL (SELECT (v_receipts[n]).*) r ORDER BY n;
END $$;
