-- Balances: the last thing a posting touches, in one order everywhere (docs/locking.md):
-- variant, location, lot, status, owner.

-- Not enough: says how much was asked, is there, is reserved and for whom.
CREATE FUNCTION ledger.refuse_short_v1(p_variant bigint, p_location bigint, p_lot bigint, p_status text,
                                       p_owner bigint, p_asked numeric) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    b inventory_balance;
BEGIN
    SELECT * INTO b FROM inventory_balance WHERE (variant_id, location_id, lot_id, status, owner_id)
        = (p_variant, p_location, p_lot, p_status, p_owner);
    RAISE EXCEPTION 'insufficient stock' USING ERRCODE = 'LS001', DETAIL = jsonb_build_object(
        'variant_id', p_variant, 'sku', (SELECT sku FROM catalog_variant WHERE id = p_variant),
        'location_id', p_location, 'location', (SELECT path FROM locations_location WHERE id = p_location),
        'lot_id', p_lot, 'lot', (SELECT code FROM inventory_lot WHERE id = p_lot), 'status', p_status,
        'owner_id', p_owner, 'asked', p_asked::text, 'on_hand', coalesce(b.on_hand, 0)::text,
        'reserved', coalesce(b.reserved, 0)::text, 'in_units', coalesce(b.in_units, 0)::text,
        'reserved_for', (SELECT coalesce(jsonb_agg(o), '[]') FROM (
            SELECT r.reference_type, r.reference_id, p.held::text
            FROM inventory_reservationline p JOIN inventory_reservation r ON r.id = p.reservation_id
            WHERE (p.variant_id, p.location_id, p.lot_id, p.status, p.owner_id)
                = (p_variant, p_location, p_lot, p_status, p_owner) AND p.held > 0
            ORDER BY p.id LIMIT 5) o));
END $$;

CREATE FUNCTION ledger.refuse_loose_v1(p_variant bigint, p_tracking text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'goods tracked one by one need a handling unit' USING ERRCODE = 'LS007',
        DETAIL = jsonb_build_object('problem', 'loose', 'variant_id', p_variant, 'tracking', p_tracking);
END $$;

-- Makes a zero row; false when it was there already.
CREATE FUNCTION ledger.open_balance_v1(p_variant bigint, p_location bigint, p_lot bigint, p_status text,
                                       p_owner bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO inventory_balance (variant_id, location_id, lot_id, lot_ref, status, owner_id, tracking,
                                   allow_negative, expires_on)
    SELECT v.id, place.id, p_lot, nullif(p_lot, 0), p_status, p_owner, v.tracking, place.allow_negative,
           coalesce((SELECT expires_on FROM inventory_lot WHERE id = p_lot), '9999-12-31')
    FROM catalog_variant v, inventory_place place WHERE v.id = p_variant AND place.id = p_location
    ON CONFLICT DO NOTHING;
    IF NOT FOUND AND NOT EXISTS (SELECT FROM catalog_variant WHERE id = p_variant) THEN
        RAISE EXCEPTION 'unknown variant' USING ERRCODE = 'LS003',
            DETAIL = jsonb_build_object('problem', 'variant', 'variant_id', p_variant);
    END IF;
    RETURN FOUND;
END $$;

-- Adds to one balance row, making it first where it is missing; answers the new quantity.
CREATE FUNCTION ledger.shift_v1(p_variant bigint, p_location bigint, p_lot bigint, p_status text,
                                p_owner bigint, p_quantity numeric) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    v_on_hand numeric;
    v_tracking text;
BEGIN
    FOR attempt IN 1 .. 2 LOOP
        UPDATE inventory_balance SET on_hand = on_hand + p_quantity, version = version + 1
        WHERE variant_id = p_variant AND location_id = p_location AND lot_id = p_lot
          AND status = p_status AND owner_id = p_owner
          AND (p_quantity > 0 OR allow_negative OR on_hand + p_quantity >= greatest(reserved, in_units))
        RETURNING on_hand, tracking INTO v_on_hand, v_tracking;
        IF v_tracking IN ('serial', 'unit') THEN PERFORM ledger.refuse_loose_v1(p_variant, v_tracking); END IF;
        IF FOUND THEN RETURN v_on_hand; END IF;
        IF attempt = 2 OR NOT ledger.open_balance_v1(p_variant, p_location, p_lot, p_status, p_owner) THEN
            PERFORM ledger.refuse_short_v1(p_variant, p_location, p_lot, p_status, p_owner, -p_quantity);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- Both sides of one loose line, the lower key first. Answers what went below zero by permission.
CREATE FUNCTION ledger.shift_line_v1(l ledger.line_v1) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_takes boolean;
    v_gives boolean;
    v_open boolean;
    v_left numeric;
    v_source_first boolean := (l.source_id, l.source_status COLLATE "C", l.source_owner_id)
                            < (l.destination_id, l.destination_status COLLATE "C", l.destination_owner_id);
    v_same boolean := (l.source_id, l.source_status, l.source_owner_id)
                    = (l.destination_id, l.destination_status, l.destination_owner_id);
BEGIN
    SELECT s.keeps_stock, d.keeps_stock, d.takes_stock INTO v_takes, v_gives, v_open
    FROM inventory_place s, inventory_place d WHERE s.id = l.source_id AND d.id = l.destination_id;
    IF (v_open AND (v_takes OR v_gives) AND NOT v_same) IS NOT TRUE THEN
        PERFORM ledger.refuse_places_v1(ARRAY[l]);
    END IF;
    IF v_takes AND v_source_first THEN
        v_left := ledger.shift_v1(l.variant_id, l.source_id, l.lot_id, l.source_status, l.source_owner_id, -l.quantity);
    END IF;
    IF v_gives THEN
        PERFORM ledger.shift_v1(l.variant_id, l.destination_id, l.lot_id, l.destination_status,
                                l.destination_owner_id, l.quantity);
    END IF;
    IF v_takes AND NOT v_source_first THEN
        v_left := ledger.shift_v1(l.variant_id, l.source_id, l.lot_id, l.source_status, l.source_owner_id, -l.quantity);
    END IF;
    RETURN CASE WHEN v_left < 0 THEN jsonb_build_array(jsonb_build_object(
        'variant_id', l.variant_id, 'location_id', l.source_id, 'lot_id', l.lot_id, 'on_hand', v_left::text)) END;
END $$;

-- Change of every balance row that these lines and holds touch, added up.
CREATE FUNCTION ledger.deltas_v1(l ledger.line_v1[], holds ledger.hold_v1[])
RETURNS TABLE (variant_id bigint, location_id bigint, lot_id bigint, status text, owner_id bigint,
               on_hand numeric, reserved numeric, in_units numeric) LANGUAGE sql STABLE AS $$
    SELECT variant, location, lot, status, owner, sum(quantity), sum(held), sum(units)
    FROM (SELECT variant_id, source_id, lot_id, source_status, source_owner_id, -quantity, 0,
                 CASE WHEN source_hu_id = 0 THEN 0 ELSE -quantity END FROM unnest(l)
          UNION ALL
          SELECT variant_id, destination_id, lot_id, destination_status, destination_owner_id, quantity, 0,
                 CASE WHEN destination_hu_id = 0 THEN 0 ELSE quantity END FROM unnest(l)
          UNION ALL
          SELECT variant_id, location_id, lot_id, status, owner_id, 0, quantity, 0 FROM unnest(holds)
         ) side (variant, location, lot, status, owner, quantity, held, units)
    GROUP BY variant, location, lot, status, owner
$$;

-- Makes the zero rows that these lines need, in the order of their keys.
CREATE FUNCTION ledger.open_balances_v1(l ledger.line_v1[], holds ledger.hold_v1[]) RETURNS void LANGUAGE sql AS $$
    SELECT ledger.open_balance_v1(variant_id, location_id, lot_id, status, owner_id)
    FROM (SELECT d.* FROM ledger.deltas_v1(l, holds) d JOIN inventory_place p ON p.id = d.location_id AND p.keeps_stock
          WHERE NOT EXISTS (SELECT FROM inventory_balance b
              WHERE (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
                  = (d.variant_id, d.location_id, d.lot_id, d.status, d.owner_id))
          ORDER BY d.variant_id, d.location_id, d.lot_id, d.status COLLATE "C", d.owner_id) missing
$$;

CREATE TYPE ledger.locked_v1 AS (row_id tid, on_hand numeric, reserved numeric, in_units numeric);

-- All rows at once: locked in order by a CTE that carries keys and deltas, then updated where they
-- lie. While rows are missing, nothing stays locked: rows are never made while holding others.
CREATE FUNCTION ledger.shift_many_v1(l ledger.line_v1[], holds ledger.hold_v1[]) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        RETURN ledger.shift_locked_v1(l, holds);
    EXCEPTION WHEN SQLSTATE 'LS099' THEN
        PERFORM ledger.open_balances_v1(l, holds);
    END;
    RETURN ledger.shift_locked_v1(l, holds);
END $$;

CREATE FUNCTION ledger.shift_locked_v1(l ledger.line_v1[], holds ledger.hold_v1[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_locked ledger.locked_v1[];
    v_wanted integer;
    v_done integer;
    v_loose bigint;
    v_below jsonb;
BEGIN
    WITH delta AS MATERIALIZED (
        SELECT d.* FROM ledger.deltas_v1(l, holds) d CROSS JOIN LATERAL (
            SELECT p.keeps_stock FROM inventory_place p WHERE p.id = d.location_id OFFSET 0) place
        WHERE place.keeps_stock),
    locked AS MATERIALIZED (
        SELECT b.ctid AS row_id, d.on_hand, d.reserved, d.in_units FROM delta d
        JOIN inventory_balance b ON (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
                                  = (d.variant_id, d.location_id, d.lot_id, d.status, d.owner_id)
        ORDER BY b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id FOR NO KEY UPDATE OF b)
    SELECT array_agg(ROW(row_id, on_hand, reserved, in_units)::ledger.locked_v1), (SELECT count(*) FROM delta)
    INTO v_locked, v_wanted FROM locked;
    IF v_wanted > coalesce(cardinality(v_locked), 0) THEN
        RAISE EXCEPTION 'balances missing' USING ERRCODE = 'LS099';
    END IF;
    -- A statement of its own: it sees the rows as they are since they are ours.
    WITH changed AS (
        UPDATE inventory_balance b SET on_hand = b.on_hand + d.on_hand, reserved = b.reserved + d.reserved,
            in_units = b.in_units + d.in_units, version = b.version + 1
        FROM unnest(v_locked) d
        WHERE b.ctid = d.row_id AND b.reserved + d.reserved >= 0 AND b.in_units + d.in_units >= 0
          AND (b.allow_negative OR b.on_hand + d.on_hand >= greatest(b.reserved + d.reserved, b.in_units + d.in_units))
        RETURNING b.variant_id, b.location_id, b.lot_id, b.on_hand, b.in_units, b.tracking, d.on_hand AS change)
    SELECT count(*), min(variant_id) FILTER (WHERE tracking IN ('serial', 'unit') AND in_units <> on_hand),
           jsonb_agg(jsonb_build_object('variant_id', variant_id, 'location_id', location_id, 'lot_id', lot_id,
                     'on_hand', on_hand::text)) FILTER (WHERE on_hand < 0 AND change < 0)
    INTO v_done, v_loose, v_below FROM changed;
    IF v_loose IS NOT NULL THEN PERFORM ledger.refuse_loose_v1(v_loose, 'unit'); END IF;
    IF v_done < v_wanted THEN PERFORM ledger.refuse_first_short_v1(l, holds); END IF;
    RETURN v_below;
END $$;

CREATE FUNCTION ledger.refuse_first_short_v1(l ledger.line_v1[], holds ledger.hold_v1[]) RETURNS void LANGUAGE sql AS $$
    SELECT ledger.refuse_short_v1(variant_id, location_id, lot_id, status, owner_id, asked) FROM (
        SELECT d.variant_id, d.location_id, d.lot_id, d.status, d.owner_id, -d.on_hand AS asked
        FROM ledger.deltas_v1(l, holds) d
        JOIN inventory_place p ON p.id = d.location_id AND p.keeps_stock
        LEFT JOIN inventory_balance b ON (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
                                       = (d.variant_id, d.location_id, d.lot_id, d.status, d.owner_id)
        WHERE (b.reserved + d.reserved >= 0 AND b.in_units + d.in_units >= 0 AND (b.allow_negative OR
               b.on_hand + d.on_hand >= greatest(b.reserved + d.reserved, b.in_units + d.in_units))) IS NOT TRUE
        ORDER BY 1, 2, 3, 4, 5 LIMIT 1) short
$$;

-- A balance by the names people use, for reports.
CREATE FUNCTION ledger.name_of_key_v1(p_variant bigint, p_location bigint, p_lot bigint, p_status text, p_owner bigint)
RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce((SELECT sku FROM catalog_variant WHERE id = p_variant), 'variant ' || p_variant)
        || ' at ' || coalesce((SELECT path FROM locations_location WHERE id = p_location), 'location ' || p_location)
        || CASE WHEN p_lot = 0 THEN ''
                ELSE ' lot ' || coalesce((SELECT code FROM inventory_lot WHERE id = p_lot), p_lot::text) END
        || CASE WHEN p_status = 'available' THEN '' ELSE ' ' || p_status END
        || CASE WHEN p_owner = 0 THEN ''
                ELSE ' owner ' || coalesce((SELECT code FROM partners_partner WHERE id = p_owner), p_owner::text) END
$$;
