-- The past, closed and folded. Sealing first: from then on nothing is recorded before the seal, so
-- what stands before it is complete once everyone who was writing at that moment has ended.

-- Moves the seal to p_until (never into the future, never back) and answers where it stands.
CREATE FUNCTION ledger.seal_v1(p_until timestamptz) RETURNS timestamptz
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE inventory_ledgerstate
    SET sealed_until = greatest(sealed_until, least(p_until, transaction_timestamp()))
    RETURNING sealed_until
$$;

-- Month boundaries (UTC) after p_from up to p_until.
CREATE FUNCTION ledger.months_v1(p_from timestamptz, p_until timestamptz) RETURNS SETOF timestamptz
LANGUAGE sql STABLE AS $$
    SELECT (month AT TIME ZONE 'UTC') FROM generate_series(
        date_trunc('month', p_from AT TIME ZONE 'UTC') + interval '1 month', p_until AT TIME ZONE 'UTC', interval '1 month') month
$$;

-- The books at a boundary: the boundary before it and the rows recorded in between.
CREATE FUNCTION ledger.build_recorded_v1(p_boundary timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_before inventory_snapshot;
    v_id bigint;
    v_rows bigint;
BEGIN
    SELECT * INTO v_before FROM inventory_snapshot WHERE axis = 'recorded' AND boundary < p_boundary ORDER BY boundary DESC LIMIT 1;
    INSERT INTO inventory_snapshot (axis, boundary, built_through, built_at, row_count)
    VALUES ('recorded', p_boundary, p_boundary, clock_timestamp(), 0) RETURNING id INTO v_id;
    INSERT INTO inventory_snapshotrow (snapshot_id, variant_id, location_id, lot_id, status, owner_id, quantity)
    SELECT v_id, variant_id, location_id, lot_id, status, owner_id, sum(quantity)
    FROM (SELECT variant_id, location_id, lot_id, status, owner_id, quantity
          FROM inventory_snapshotrow WHERE snapshot_id = v_before.id
          UNION ALL
          SELECT variant_id, location_id, lot_id, status, owner_id, quantity FROM inventory_side
          WHERE recorded_at >= coalesce(v_before.boundary, '-infinity') AND recorded_at < p_boundary
            AND location_id IN (SELECT id FROM inventory_place WHERE keeps_stock)) parts
    GROUP BY variant_id, location_id, lot_id, status, owner_id HAVING sum(quantity) <> 0 ORDER BY variant_id;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    UPDATE inventory_snapshot SET row_count = v_rows WHERE id = v_id;
    RETURN v_rows;
END $$;

-- What was learned late about a boundary: what was learned late about the one before and is still
-- not in the books at this one, and the late rows about the month in between.
CREATE FUNCTION ledger.build_late_v1(p_boundary timestamptz, p_through timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_before inventory_snapshot;
    v_id bigint;
    v_rows bigint;
BEGIN
    SELECT * INTO v_before FROM inventory_snapshot WHERE axis = 'late' AND boundary < p_boundary ORDER BY boundary DESC LIMIT 1;
    INSERT INTO inventory_snapshot (axis, boundary, built_through, built_at, row_count)
    VALUES ('late', p_boundary, p_through, clock_timestamp(), 0) RETURNING id INTO v_id;
    INSERT INTO inventory_snapshotrow (snapshot_id, variant_id, location_id, lot_id, status, owner_id, quantity)
    SELECT v_id, variant_id, location_id, lot_id, status, owner_id, sum(quantity)
    FROM (SELECT variant_id, location_id, lot_id, status, owner_id, quantity
          FROM inventory_snapshotrow WHERE snapshot_id = v_before.id
          UNION ALL
          SELECT variant_id, location_id, lot_id, status, owner_id, -quantity FROM inventory_side
          WHERE late AND occurred_at < v_before.boundary AND recorded_at >= v_before.boundary AND recorded_at < p_boundary
            AND location_id IN (SELECT id FROM inventory_place WHERE keeps_stock)
          UNION ALL
          SELECT variant_id, location_id, lot_id, status, owner_id, quantity FROM inventory_side
          WHERE late AND occurred_at >= coalesce(v_before.boundary, '-infinity') AND occurred_at < p_boundary
            AND recorded_at >= p_boundary AND recorded_at < p_through
            AND location_id IN (SELECT id FROM inventory_place WHERE keeps_stock)) parts
    GROUP BY variant_id, location_id, lot_id, status, owner_id HAVING sum(quantity) <> 0 ORDER BY variant_id;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    UPDATE inventory_snapshot SET row_count = v_rows WHERE id = v_id;
    RETURN v_rows;
END $$;

-- Late rows recorded since the corrections were built. A trickle is added to the boundaries it
-- passed; a flood (an import of history) has them built anew. Answers whether anything remains.
CREATE FUNCTION ledger.fold_late_v1(p_through timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_from timestamptz := (SELECT min(built_through) FROM inventory_snapshot WHERE axis = 'late');
    v_passed bigint;
    v_first timestamptz;
BEGIN
    IF v_from IS NULL OR v_from >= p_through THEN RETURN; END IF;
    SELECT coalesce(sum(extract(year FROM age(recorded_at, occurred_at)) * 12 + extract(month FROM age(recorded_at, occurred_at)) + 1), 0),
           min(occurred_at)
    INTO v_passed, v_first FROM inventory_movement WHERE late AND recorded_at >= v_from AND recorded_at < p_through;
    IF v_passed > 1000000 OR v_first < (SELECT min(boundary) - interval '1 month' FROM inventory_snapshot WHERE axis = 'late') THEN
        DELETE FROM inventory_snapshotrow WHERE snapshot_id IN (SELECT id FROM inventory_snapshot WHERE axis = 'late');
        DELETE FROM inventory_snapshot WHERE axis = 'late';
        RETURN;
    END IF;
    WITH added AS (
        INSERT INTO inventory_snapshotrow (snapshot_id, variant_id, location_id, lot_id, status, owner_id, quantity)
        SELECT n.id, s.variant_id, s.location_id, s.lot_id, s.status, s.owner_id, sum(s.quantity)
        FROM inventory_side s
        JOIN inventory_snapshot n ON n.axis = 'late' AND s.occurred_at < n.boundary AND n.boundary <= s.recorded_at
        WHERE s.late AND s.recorded_at >= v_from AND s.recorded_at < p_through
          AND s.location_id IN (SELECT id FROM inventory_place WHERE keeps_stock)
        GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(s.quantity) <> 0 RETURNING snapshot_id)
    UPDATE inventory_snapshot n SET row_count = row_count + a.rows
    FROM (SELECT snapshot_id, count(*) AS rows FROM added GROUP BY 1) a WHERE a.snapshot_id = n.id;
    UPDATE inventory_snapshot SET built_through = p_through, built_at = clock_timestamp() WHERE axis = 'late';
END $$;

-- Everything that is due up to a seal that everyone respects. Answers what was built.
CREATE FUNCTION ledger.take_snapshots_v1(p_through timestamptz)
RETURNS TABLE (axis text, boundary timestamptz, row_count bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_last timestamptz;
    v_month timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ledger.take_snapshots'));
    IF p_through > (SELECT sealed_until FROM inventory_ledgerstate) THEN
        PERFORM ledger.refuse_v1('LS011', 'not sealed', jsonb_build_object('through', p_through));
    END IF;
    PERFORM ledger.fold_late_v1(p_through);
    SELECT coalesce((SELECT max(n.boundary) FROM inventory_snapshot n WHERE n.axis = 'recorded'),
                    (SELECT min(recorded_at) FROM inventory_posting)) INTO v_last;
    FOR v_month IN SELECT * FROM ledger.months_v1(v_last, p_through) LOOP
        RETURN QUERY SELECT 'recorded', v_month, ledger.build_recorded_v1(v_month);
    END LOOP;
    SELECT coalesce((SELECT max(n.boundary) FROM inventory_snapshot n WHERE n.axis = 'late'),
                    (SELECT min(occurred_at) FROM inventory_posting)) INTO v_last;
    FOR v_month IN SELECT * FROM ledger.months_v1(v_last, p_through) LOOP
        RETURN QUERY SELECT 'late', v_month, ledger.build_late_v1(v_month, p_through);
    END LOOP;
    UPDATE inventory_snapshot SET built_through = p_through WHERE axis = 'late' AND built_through < p_through;
    UPDATE inventory_movementpartition p SET occurred_min = m.low, occurred_max = m.high
    FROM (SELECT p.name, min(m.occurred_at) AS low, max(m.occurred_at) AS high
          FROM inventory_movementpartition p JOIN inventory_movement m
              ON m.recorded_at >= p.range_start AND m.recorded_at < p.range_end
          WHERE p.occurred_max IS NULL AND p.range_end <= p_through GROUP BY p.name) m
    WHERE m.name = p.name;
END $$;

-- Drops what was folded, to build it anew.
CREATE FUNCTION ledger.drop_snapshots_v1() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM inventory_snapshotrow; DELETE FROM inventory_snapshot;
$$;

-- Balances anew from the ledger. Nobody may post meanwhile: the lock sees to it.
CREATE FUNCTION ledger.rebuild_balances_v1() RETURNS TABLE (changed bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    LOCK TABLE inventory_balance IN SHARE ROW EXCLUSIVE MODE;
    PERFORM ledger.open_balance_v1(m.variant_id, m.location_id, m.lot_id, m.status, m.owner_id)
    FROM (SELECT DISTINCT s.variant_id, s.location_id, s.lot_id, s.status::text, s.owner_id
          FROM inventory_side s JOIN inventory_place p ON p.id = s.location_id AND p.keeps_stock) m
    WHERE NOT EXISTS (SELECT FROM inventory_balance b WHERE (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
        = (m.variant_id, m.location_id, m.lot_id, m.status, m.owner_id));
    RETURN QUERY
    WITH truth AS (
        SELECT b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id,
               coalesce(l.quantity, 0) AS on_hand, coalesce(h.held, 0) AS reserved, coalesce(u.quantity, 0) AS in_units
        FROM inventory_balance b
        LEFT JOIN (SELECT s.variant_id, s.location_id, s.lot_id, s.status, s.owner_id, sum(s.quantity) AS quantity
                   FROM inventory_side s GROUP BY 1, 2, 3, 4, 5) l USING (variant_id, location_id, lot_id, status, owner_id)
        LEFT JOIN (SELECT r.variant_id, r.location_id, r.lot_id, r.status, r.owner_id, sum(r.held) AS held
                   FROM inventory_reservationline r WHERE r.held > 0 GROUP BY 1, 2, 3, 4, 5) h
                  USING (variant_id, location_id, lot_id, status, owner_id)
        LEFT JOIN ledger.packed_v1() u USING (variant_id, location_id, lot_id, status, owner_id)),
    mended AS (
        UPDATE inventory_balance b SET on_hand = t.on_hand, reserved = t.reserved, in_units = t.in_units, version = b.version + 1
        FROM truth t WHERE (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
                         = (t.variant_id, t.location_id, t.lot_id, t.status, t.owner_id)
          AND (b.on_hand, b.reserved, b.in_units) <> (t.on_hand, t.reserved, t.in_units) RETURNING 1)
    SELECT count(*) FROM mended;
END $$;

-- What lies in handling units, at the places of their roots.
CREATE FUNCTION ledger.packed_v1()
RETURNS TABLE (variant_id bigint, location_id bigint, lot_id bigint, status text, owner_id bigint, quantity numeric)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE tree AS (
        SELECT u.id, u.location_id FROM inventory_handlingunit u WHERE u.parent_id IS NULL
        UNION ALL
        SELECT u.id, tree.location_id FROM inventory_handlingunit u JOIN tree ON u.parent_id = tree.id)
    SELECT c.variant_id, t.location_id, c.lot_id, c.status::text, c.owner_id, sum(c.quantity)
    FROM inventory_hucontent c JOIN tree t ON t.id = c.hu_id GROUP BY 1, 2, 3, 4, 5
$$;
