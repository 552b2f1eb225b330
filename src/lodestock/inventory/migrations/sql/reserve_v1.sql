-- Promises of stock. Lock order: reservations, then balances by key; writes to lines and events
-- in between wait for nobody. First expiring, first promised; blocked and expired lots never.
-- Sums are materialized before they are joined: see pins_v1.

CREATE TYPE ledger.reserve_v1 AS (
    reference_type text, reference_id text, line_key text, variant_id bigint, quantity numeric,
    scope integer, lot_id bigint, owner_id bigint, partial boolean, expires_at timestamptz, usable_on date);
CREATE TYPE ledger.scope_v1 AS (ids bigint[]);
-- lines: [[line, variant, location, lot, status, owner, held], …] of all that is held now.
CREATE TYPE ledger.held_v1 AS (reservation_id bigint, held numeric, shortage numeric, lines jsonb);

-- Rows that may serve these requests, locked in key order, listed first-expiring first. Unless
-- p_all, only as many as the demand needs, as far as one could see before locking.
CREATE FUNCTION ledger.lock_candidates_v1(r ledger.reserve_v1[], scopes ledger.scope_v1[], p_wanted numeric[], p_all boolean)
RETURNS TABLE (variant_id bigint, location_id bigint, lot_id bigint, owner_id bigint, available numeric, complete boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH demand AS MATERIALIZED (
        SELECT i.variant_id, i.scope, coalesce(i.lot_id, -1) AS lot, i.owner_id, max(i.usable_on) AS usable_on,
               sum(p_wanted[n]) AS wanted, count(*) OVER (PARTITION BY i.variant_id) AS sorts
        FROM (SELECT (r[n]).*, n FROM generate_subscripts(r, 1) n) i WHERE p_wanted[n] > 0
        GROUP BY 1, 2, 3, 4),
    candidate AS (
        SELECT b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id, d.wanted, d.sorts,
               sum(b.on_hand - b.reserved) OVER fefo - (b.on_hand - b.reserved) AS before
        FROM demand d JOIN inventory_balance b ON b.variant_id = d.variant_id AND b.owner_id = d.owner_id
            AND b.location_id = ANY (scopes[d.scope].ids) AND (d.lot = -1 OR b.lot_id = d.lot)
        LEFT JOIN inventory_lot lot ON lot.id = b.lot_id
        WHERE b.status = 'available' AND b.on_hand > b.reserved AND b.expires_on >= d.usable_on
          AND (b.lot_id = 0 OR lot.status = 'released')
        WINDOW fefo AS (PARTITION BY d.variant_id, d.scope, d.lot, d.owner_id
                        ORDER BY b.expires_on, b.location_id, b.lot_id)),
    picked AS (
        SELECT DISTINCT variant_id, location_id, lot_id, status, owner_id FROM candidate
        WHERE p_all OR sorts > 1 OR before < wanted),
    locked AS MATERIALIZED (
        SELECT b.variant_id, b.location_id, b.lot_id, b.owner_id, b.expires_on, b.on_hand - b.reserved AS available
        FROM picked p JOIN inventory_balance b ON (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
                                                = (p.variant_id, p.location_id, p.lot_id, p.status, p.owner_id)
        ORDER BY b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id FOR NO KEY UPDATE OF b)
    SELECT l.variant_id, l.location_id, l.lot_id, l.owner_id, l.available,
           (SELECT count(*) FROM picked) = (SELECT count(DISTINCT (c.variant_id, c.location_id, c.lot_id, c.owner_id)) FROM candidate c)
    FROM locked l WHERE l.available > 0 ORDER BY l.variant_id, l.expires_on, l.location_id, l.lot_id;
END $$;

-- Makes the reservations that are new, locks all, answers their ids in the order of the requests.
CREATE FUNCTION ledger.open_reservations_v1(c ledger.context_v1, r ledger.reserve_v1[], scopes ledger.scope_v1[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    v_other jsonb;
BEGIN
    INSERT INTO inventory_reservation (variant_id, actor_id, created_at, updated_at, expires_at, version, quantity,
        shortage, status, reference_type, reference_id, line_key, scope)
    SELECT i.variant_id, c.actor_id, transaction_timestamp(), transaction_timestamp(), i.expires_at, 0, i.quantity,
        i.quantity, 'held', i.reference_type, i.reference_id, i.line_key, scopes[i.scope].ids
    FROM unnest(r) i ORDER BY i.reference_type COLLATE "C", i.reference_id COLLATE "C", i.line_key COLLATE "C"
    ON CONFLICT ON CONSTRAINT inventory_reservation_once DO NOTHING;
    PERFORM FROM inventory_reservation v JOIN unnest(r) i
        ON (v.reference_type, v.reference_id, v.line_key) = (i.reference_type, i.reference_id, i.line_key)
    ORDER BY v.id FOR NO KEY UPDATE OF v;
    SELECT jsonb_build_object('reference_type', v.reference_type, 'reference_id', v.reference_id, 'line_key', v.line_key,
                              'variant_id', v.variant_id) INTO v_other
    FROM inventory_reservation v JOIN unnest(r) i
        ON (v.reference_type, v.reference_id, v.line_key) = (i.reference_type, i.reference_id, i.line_key)
    WHERE v.variant_id <> i.variant_id LIMIT 1;
    IF FOUND THEN PERFORM ledger.refuse_v1('LS012', 'promised before for another variant', v_other); END IF;
    RETURN ARRAY(SELECT v.id FROM unnest(r) WITH ORDINALITY AS i (reference_type, reference_id, line_key, variant_id,
            quantity, scope, lot_id, owner_id, partial, expires_at, usable_on, n)
        JOIN inventory_reservation v
          ON (v.reference_type, v.reference_id, v.line_key) = (i.reference_type, i.reference_id, i.line_key)
        ORDER BY i.n);
END $$;

-- What each request still wants: asked, less what it holds and has consumed already.
CREATE FUNCTION ledger.still_wanted_v1(p_ids bigint[], r ledger.reserve_v1[]) RETURNS numeric[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    WITH had AS MATERIALIZED (SELECT reservation_id, sum(held + consumed) AS quantity FROM inventory_reservationline
                              WHERE reservation_id = ANY (p_ids) GROUP BY 1)
    SELECT array_agg(greatest(r[n].quantity - coalesce(had.quantity, 0), 0) ORDER BY n)
    FROM unnest(p_ids) WITH ORDINALITY AS i (id, n) LEFT JOIN had ON had.reservation_id = i.id);
END $$;

-- Shares the locked rows out, request by request, and writes what each one got.
CREATE FUNCTION ledger.share_out_v1(p_ids bigint[], r ledger.reserve_v1[], scopes ledger.scope_v1[], p_wanted numeric[],
                                    p_all boolean, OUT got numeric[], OUT complete boolean) LANGUAGE plpgsql AS $$
DECLARE
    v_variant bigint[]; v_location bigint[]; v_lot bigint[]; v_owner bigint[]; v_available numeric[];
    t_id bigint[] := '{}'; t_row integer[] := '{}'; t_quantity numeric[] := '{}';
    v_first jsonb := '{}';
    v_row integer; v_left numeric; v_take numeric; v_kept integer;
BEGIN
    SELECT array_agg(l.variant_id), array_agg(l.location_id), array_agg(l.lot_id), array_agg(l.owner_id),
           array_agg(l.available), coalesce(bool_and(l.complete), false)
    INTO v_variant, v_location, v_lot, v_owner, v_available, complete
    FROM ledger.lock_candidates_v1(r, scopes, p_wanted, p_all) l;
    SELECT coalesce(jsonb_object_agg(variant, n), '{}') INTO v_first
    FROM (SELECT variant, min(n) AS n FROM unnest(v_variant) WITH ORDINALITY AS i (variant, n) GROUP BY 1) firsts;
    got := array_fill(0::numeric, ARRAY[cardinality(r)]);
    FOR n IN 1 .. cardinality(r) LOOP
        v_left := p_wanted[n];
        v_row := (v_first ->> r[n].variant_id::text)::integer;
        v_kept := cardinality(t_id);
        WHILE v_left > 0 AND v_row <= cardinality(v_variant) AND v_variant[v_row] = r[n].variant_id LOOP
            IF v_available[v_row] > 0 AND v_owner[v_row] = r[n].owner_id
               AND v_lot[v_row] = coalesce(r[n].lot_id, v_lot[v_row])
               AND v_location[v_row] = ANY (scopes[r[n].scope].ids) THEN
                v_take := least(v_left, v_available[v_row]);
                v_available[v_row] := v_available[v_row] - v_take;
                v_left := v_left - v_take;
                t_id := array_append(t_id, p_ids[n]); t_row := array_append(t_row, v_row);
                t_quantity := array_append(t_quantity, v_take);
            END IF;
            v_row := v_row + 1;
        END LOOP;
        IF v_left > 0 AND NOT r[n].partial THEN
            FOR k IN v_kept + 1 .. cardinality(t_id) LOOP
                v_available[t_row[k]] := v_available[t_row[k]] + t_quantity[k];
            END LOOP;
            t_id := t_id[1:v_kept]; t_row := t_row[1:v_kept]; t_quantity := t_quantity[1:v_kept];
            v_left := p_wanted[n];
        END IF;
        got[n] := p_wanted[n] - v_left;
    END LOOP;
    WITH taken AS (
        SELECT id, v_variant[place] AS variant, v_location[place] AS location, v_lot[place] AS lot,
               v_owner[place] AS owner, sum(quantity) AS quantity, min(n) AS n
        FROM unnest(t_id, t_row, t_quantity) WITH ORDINALITY AS t (id, place, quantity, n) GROUP BY 1, 2, 3, 4, 5),
    pinned AS (
        INSERT INTO inventory_reservationline AS p (reservation_id, variant_id, location_id, lot_id, owner_id, status, held)
        SELECT id, variant, location, lot, owner, 'available', quantity FROM taken ORDER BY n
        ON CONFLICT ON CONSTRAINT inventory_reservationline_once DO UPDATE SET held = p.held + excluded.held),
    summed AS MATERIALIZED (
        SELECT variant, location, lot, owner, sum(quantity) AS quantity FROM taken GROUP BY 1, 2, 3, 4)
    UPDATE inventory_balance b SET reserved = b.reserved + t.quantity, version = b.version + 1 FROM summed t
    WHERE (b.variant_id, b.location_id, b.lot_id, b.owner_id) = (t.variant, t.location, t.lot, t.owner)
      AND b.status = 'available';
END $$;

-- Brings the reservations up to date and tells it.
CREATE FUNCTION ledger.note_reserved_v1(c ledger.context_v1, p_ids bigint[], r ledger.reserve_v1[], p_got numeric[],
                                        p_wanted numeric[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH holding AS MATERIALIZED (
        SELECT DISTINCT p.reservation_id FROM inventory_reservationline p
        WHERE p.reservation_id = ANY (p_ids) AND p.held > 0),
    noted AS (
        UPDATE inventory_reservation v SET version = v.version + 1, updated_at = transaction_timestamp(),
            quantity = i.quantity, shortage = i.wanted - i.got, expires_at = i.expires_at,
            status = CASE WHEN v.id IN (SELECT reservation_id FROM holding) THEN 'held' ELSE 'rejected' END
        FROM (SELECT p_ids[n] AS id, r[n].quantity, r[n].expires_at, p_got[n] AS got, p_wanted[n] AS wanted
              FROM generate_subscripts(p_ids, 1) n WHERE p_wanted[n] > 0) i
        WHERE v.id = i.id RETURNING v.*, i.got, i.wanted)
    INSERT INTO eventstore_event (aggregate_type, aggregate_id, seq, event_type, occurred_at, recorded_at,
        actor_id, correlation_id, causation_id, payload)
    SELECT 'Reservation', n.id, n.version, CASE WHEN n.got > 0 THEN 'InventoryReserved' ELSE 'ReservationRejected' END,
        transaction_timestamp(), transaction_timestamp(), c.actor_id, c.correlation_id, c.causation_id,
        jsonb_build_object('reference_type', n.reference_type, 'reference_id', n.reference_id, 'line_key', n.line_key,
            'variant_id', n.variant_id, 'quantity', n.got::text, 'shortage', n.shortage::text)
    FROM noted n;
END $$;

-- One request that the first-expiring row can serve alone: everything is written first, the hot
-- balance row last. NULL when it is not that simple.
CREATE FUNCTION ledger.reserve_one_v1(c ledger.context_v1, i ledger.reserve_v1, p_scope bigint[]) RETURNS ledger.held_v1
LANGUAGE plpgsql AS $$
DECLARE
    b record;
    v_id bigint;
    v_line bigint;
BEGIN
    SELECT w.location_id, w.lot_id, w.on_hand - w.reserved AS available INTO b
    FROM inventory_balance w LEFT JOIN inventory_lot lot ON lot.id = w.lot_id
    WHERE w.variant_id = i.variant_id AND w.owner_id = i.owner_id AND w.status = 'available'
      AND w.location_id = ANY (p_scope) AND w.on_hand > w.reserved AND w.expires_on >= i.usable_on
      AND (i.lot_id IS NULL OR w.lot_id = i.lot_id) AND (w.lot_id = 0 OR lot.status = 'released')
    ORDER BY w.expires_on, w.location_id, w.lot_id LIMIT 1;
    IF NOT FOUND OR b.available < i.quantity THEN RETURN NULL; END IF;
    INSERT INTO inventory_reservation (variant_id, actor_id, created_at, updated_at, expires_at, quantity, status,
        reference_type, reference_id, line_key, scope)
    VALUES (i.variant_id, c.actor_id, transaction_timestamp(), transaction_timestamp(), i.expires_at, i.quantity, 'held',
        i.reference_type, i.reference_id, i.line_key, p_scope)
    ON CONFLICT ON CONSTRAINT inventory_reservation_once DO NOTHING RETURNING id INTO v_id;
    IF NOT FOUND THEN RETURN NULL; END IF;
    INSERT INTO inventory_reservationline (reservation_id, variant_id, location_id, lot_id, owner_id, status, held)
    VALUES (v_id, i.variant_id, b.location_id, b.lot_id, i.owner_id, 'available', i.quantity) RETURNING id INTO v_line;
    INSERT INTO eventstore_event (aggregate_type, aggregate_id, seq, event_type, occurred_at, recorded_at,
        actor_id, correlation_id, causation_id, payload)
    VALUES ('Reservation', v_id, 1, 'InventoryReserved', transaction_timestamp(), transaction_timestamp(),
        c.actor_id, c.correlation_id, c.causation_id,
        jsonb_build_object('reference_type', i.reference_type, 'reference_id', i.reference_id, 'line_key', i.line_key,
            'variant_id', i.variant_id, 'quantity', (i.quantity::numeric(20, 6))::text, 'shortage', '0.000000'));
    UPDATE inventory_balance w SET reserved = reserved + i.quantity, version = version + 1
    WHERE w.variant_id = i.variant_id AND w.location_id = b.location_id AND w.lot_id = b.lot_id
      AND w.status = 'available' AND w.owner_id = i.owner_id AND w.on_hand - w.reserved >= i.quantity;
    IF NOT FOUND THEN RAISE EXCEPTION 'somebody was faster' USING ERRCODE = 'LS099'; END IF;
    RETURN ROW(v_id, i.quantity, 0, jsonb_build_array(jsonb_build_array(v_line, i.variant_id, b.location_id, b.lot_id,
        'available', i.owner_id, i.quantity::text)))::ledger.held_v1;
END $$;

-- p_strict: a request that is not partial and falls short refuses the whole call.
CREATE FUNCTION ledger.reserve_v1(c ledger.context_v1, r ledger.reserve_v1[], scopes ledger.scope_v1[], p_strict boolean)
RETURNS SETOF ledger.held_v1 LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_ids bigint[];
    v_wanted numeric[];
    v_got numeric[];
    v_one ledger.held_v1;
    v_complete boolean;
BEGIN
    IF cardinality(r) = 1 THEN
        BEGIN
            v_one := ledger.reserve_one_v1(c, r[1], scopes[r[1].scope].ids);
        EXCEPTION WHEN SQLSTATE 'LS099' THEN v_one := NULL;
        END;
        IF v_one.reservation_id IS NOT NULL THEN RETURN NEXT v_one; RETURN; END IF;
    END IF;
    v_ids := ledger.open_reservations_v1(c, r, scopes);
    v_wanted := ledger.still_wanted_v1(v_ids, r);
    -- When the rows picked before locking turn out too few, let go of them and lock all there are.
    BEGIN
        SELECT s.got, s.complete INTO v_got, v_complete FROM ledger.share_out_v1(v_ids, r, scopes, v_wanted, false) s;
        IF v_got <> v_wanted AND NOT v_complete THEN RAISE EXCEPTION 'too few' USING ERRCODE = 'LS099'; END IF;
    EXCEPTION WHEN SQLSTATE 'LS099' THEN
        SELECT s.got INTO v_got FROM ledger.share_out_v1(v_ids, r, scopes, v_wanted, true) s;
    END;
    IF p_strict THEN PERFORM ledger.refuse_unfilled_v1(r, scopes, v_wanted, v_got); END IF;
    PERFORM ledger.note_reserved_v1(c, v_ids, r, v_got, v_wanted);
    RETURN QUERY
        WITH h AS MATERIALIZED (
            SELECT p.reservation_id, sum(p.held) AS held, jsonb_agg(jsonb_build_array(p.id, p.variant_id,
                       p.location_id, p.lot_id, p.status, p.owner_id, p.held::text) ORDER BY p.id) AS lines
            FROM inventory_reservationline p WHERE p.reservation_id = ANY (v_ids) AND p.held > 0 GROUP BY 1)
        SELECT v_ids[n], coalesce(h.held, 0), v_wanted[n] - v_got[n], coalesce(h.lines, '[]')
        FROM generate_subscripts(v_ids, 1) n LEFT JOIN h ON h.reservation_id = v_ids[n] ORDER BY n;
END $$;

CREATE FUNCTION ledger.refuse_unfilled_v1(r ledger.reserve_v1[], scopes ledger.scope_v1[], p_wanted numeric[], p_got numeric[])
RETURNS void LANGUAGE sql AS $$
    SELECT ledger.refuse_v1('LS010', 'not enough to promise', jsonb_build_object('variant_id', i.variant_id,
        'sku', (SELECT sku FROM catalog_variant WHERE id = i.variant_id), 'asked', p_wanted[n]::text,
        'on_hand', coalesce(sum(b.on_hand), 0)::text, 'reserved', coalesce(sum(b.reserved), 0)::text,
        'places', cardinality(scopes[i.scope].ids)))
    FROM (SELECT (r[n]).*, n FROM generate_subscripts(r, 1) n) i
    LEFT JOIN inventory_balance b ON b.variant_id = i.variant_id AND b.status = 'available'
        AND b.location_id = ANY (scopes[i.scope].ids) AND b.owner_id = i.owner_id
    WHERE p_got[n] < p_wanted[n] AND NOT i.partial GROUP BY i.variant_id, i.scope, n LIMIT 1
$$;

-- Gives up what reservations hold: all of it, or p_quantity of each, the last line first.
CREATE FUNCTION ledger.release_v1(c ledger.context_v1, p_ids bigint[], p_quantity numeric, p_cause text, p_status text)
RETURNS TABLE (reservation_id bigint, released numeric)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM inventory_reservation v WHERE v.id = ANY (p_ids) ORDER BY v.id FOR NO KEY UPDATE;
    PERFORM FROM inventory_balance b JOIN inventory_reservationline p
        ON (p.variant_id, p.location_id, p.lot_id, p.status, p.owner_id)
         = (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
    WHERE p.reservation_id = ANY (p_ids) AND p.held > 0
    ORDER BY b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id FOR NO KEY UPDATE OF b;
    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT l.*, CASE WHEN p_quantity IS NULL THEN l.held ELSE least(l.held, greatest(p_quantity - l.before, 0)) END AS freed
        FROM (SELECT p.*, sum(p.held) OVER (PARTITION BY p.reservation_id ORDER BY p.id DESC) - p.held AS before
              FROM inventory_reservationline p WHERE p.reservation_id = ANY (p_ids) AND p.held > 0) l),
    unpinned AS (
        UPDATE inventory_reservationline p SET held = p.held - g.freed FROM given g WHERE p.id = g.id AND g.freed > 0),
    summed AS MATERIALIZED (
        SELECT g.variant_id, g.location_id, g.lot_id, g.status, g.owner_id, sum(g.freed) AS freed
        FROM given g WHERE g.freed > 0 GROUP BY 1, 2, 3, 4, 5),
    freed AS (
        UPDATE inventory_balance b SET reserved = b.reserved - g.freed, version = b.version + 1 FROM summed g
        WHERE (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
            = (g.variant_id, g.location_id, g.lot_id, g.status, g.owner_id)),
    ended AS MATERIALIZED (
        SELECT v.id, coalesce(sum(g.held), 0) AS held, coalesce(sum(g.freed), 0) AS freed
        FROM inventory_reservation v LEFT JOIN given g ON g.reservation_id = v.id
        WHERE v.id = ANY (p_ids) AND v.status = 'held' GROUP BY v.id),
    noted AS (
        UPDATE inventory_reservation v SET version = v.version + 1, updated_at = transaction_timestamp(), shortage = 0,
            quantity = CASE WHEN s.freed = s.held THEN v.quantity ELSE v.quantity - s.freed END,
            status = CASE WHEN s.freed = s.held THEN p_status ELSE v.status END
        FROM ended s WHERE v.id = s.id RETURNING v.*, s.freed),
    told AS (
        INSERT INTO eventstore_event (aggregate_type, aggregate_id, seq, event_type, occurred_at, recorded_at,
            actor_id, correlation_id, causation_id, payload)
        SELECT 'Reservation', n.id, n.version, 'ReservationReleased', transaction_timestamp(), transaction_timestamp(),
            c.actor_id, c.correlation_id, c.causation_id, jsonb_build_object('reference_type', n.reference_type,
                'reference_id', n.reference_id, 'line_key', n.line_key, 'variant_id', n.variant_id,
                'quantity', n.freed::text, 'cause', p_cause)
        FROM noted n)
    SELECT n.id, n.freed::numeric FROM noted n ORDER BY n.id;
END $$;
