-- Handling units: contents follow the lines, a unit's place stands on its root only.
-- Units are locked by id, before balances.

-- The unit and everything packed in it, any depth.
CREATE FUNCTION ledger.unit_tree_v1(p_roots bigint[]) RETURNS TABLE (id bigint, root_id bigint) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE tree AS (
        SELECT u.id, u.id AS root_id FROM inventory_handlingunit u WHERE u.id = ANY (p_roots)
        UNION ALL
        SELECT u.id, tree.root_id FROM inventory_handlingunit u JOIN tree ON u.parent_id = tree.id)
    SELECT id, root_id FROM tree
$$;

CREATE FUNCTION ledger.unit_roots_v1(p_units bigint[]) RETURNS TABLE (id bigint, root_id bigint) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up AS (
        SELECT u.id, u.id AS at, u.parent_id FROM inventory_handlingunit u WHERE u.id = ANY (p_units)
        UNION ALL
        SELECT up.id, u.id, u.parent_id FROM inventory_handlingunit u JOIN up ON u.id = up.parent_id)
    SELECT id, at FROM up WHERE parent_id IS NULL
$$;

-- What the lines do to handling units. A line with the same unit on both sides and another
-- place moves that unit; then everything in its tree must move with it.
CREATE FUNCTION ledger.shift_units_v1(l ledger.line_v1[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_units bigint[] := ARRAY(SELECT source_hu_id FROM unnest(l) WHERE source_hu_id <> 0
                              UNION SELECT destination_hu_id FROM unnest(l) WHERE destination_hu_id <> 0);
BEGIN
    IF cardinality(v_units) = 0 THEN RETURN; END IF;
    PERFORM FROM inventory_handlingunit u WHERE u.id IN (SELECT root_id FROM ledger.unit_roots_v1(v_units)
                                                        UNION SELECT unnest(v_units))
    ORDER BY u.id FOR NO KEY UPDATE;
    PERFORM ledger.refuse_unit_v1('elsewhere', hu, place) FROM (
        SELECT i.source_hu_id AS hu, i.source_id AS place FROM unnest(l) i
        LEFT JOIN ledger.unit_roots_v1(v_units) r ON r.id = i.source_hu_id
        LEFT JOIN inventory_handlingunit u ON u.id = r.root_id
        WHERE i.source_hu_id <> 0 AND u.location_id IS DISTINCT FROM i.source_id LIMIT 1) wrong;
    PERFORM ledger.shift_contents_v1(l);
    PERFORM ledger.move_roots_v1(l, v_units);
    PERFORM ledger.refuse_unit_v1('elsewhere', hu, place) FROM (
        SELECT i.destination_hu_id AS hu, i.destination_id AS place FROM unnest(l) i
        LEFT JOIN ledger.unit_roots_v1(v_units) r ON r.id = i.destination_hu_id
        LEFT JOIN inventory_handlingunit u ON u.id = r.root_id
        WHERE i.destination_hu_id <> 0 AND (u.active AND u.location_id = i.destination_id) IS NOT TRUE LIMIT 1) wrong;
END $$;

CREATE FUNCTION ledger.refuse_unit_v1(p_problem text, p_unit bigint, p_location bigint) RETURNS void LANGUAGE sql AS $$
    SELECT ledger.refuse_v1('LS007', 'handling unit refused', jsonb_build_object('problem', p_problem,
        'hu_id', p_unit, 'location_id', p_location, 'found_at', (SELECT u.location_id
            FROM ledger.unit_roots_v1(ARRAY[p_unit]) r JOIN inventory_handlingunit u ON u.id = r.root_id)))
$$;

CREATE FUNCTION ledger.unit_deltas_v1(l ledger.line_v1[])
RETURNS TABLE (hu_id bigint, variant_id bigint, lot_id bigint, status text, owner_id bigint, change numeric)
LANGUAGE sql STABLE AS $$
    SELECT hu, variant, lot, stock_status, owner, sum(quantity)
    FROM (SELECT source_hu_id, variant_id, lot_id, source_status, source_owner_id, -quantity FROM unnest(l)
          UNION ALL
          SELECT destination_hu_id, variant_id, lot_id, destination_status, destination_owner_id, quantity FROM unnest(l)
         ) side (hu, variant, lot, stock_status, owner, quantity)
    WHERE hu <> 0 GROUP BY hu, variant, lot, stock_status, owner HAVING sum(quantity) <> 0
$$;

-- Takes and adds contents. Their rows are safe: whoever changes them holds the unit's lock.
CREATE FUNCTION ledger.shift_contents_v1(l ledger.line_v1[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_left integer;
    v_wrong record;
BEGIN
    WITH delta AS MATERIALIZED (SELECT * FROM ledger.unit_deltas_v1(l)),
    emptied AS (
        DELETE FROM inventory_hucontent c USING delta d
        WHERE (c.hu_id, c.variant_id, c.lot_id, c.status, c.owner_id) = (d.hu_id, d.variant_id, d.lot_id, d.status, d.owner_id)
          AND c.quantity + d.change = 0 RETURNING 1),
    changed AS (
        UPDATE inventory_hucontent c SET quantity = c.quantity + d.change FROM delta d
        WHERE (c.hu_id, c.variant_id, c.lot_id, c.status, c.owner_id) = (d.hu_id, d.variant_id, d.lot_id, d.status, d.owner_id)
          AND c.quantity + d.change > 0 RETURNING 1),
    added AS (
        INSERT INTO inventory_hucontent (hu_id, variant_id, lot_id, status, owner_id, quantity)
        SELECT d.* FROM delta d WHERE d.change > 0 AND NOT EXISTS (SELECT FROM inventory_hucontent c
            WHERE (c.hu_id, c.variant_id, c.lot_id, c.status, c.owner_id)
                = (d.hu_id, d.variant_id, d.lot_id, d.status, d.owner_id)) RETURNING 1)
    SELECT (SELECT count(*) FROM delta) - (SELECT count(*) FROM emptied) - (SELECT count(*) FROM changed)
           - (SELECT count(*) FROM added) INTO v_left;
    IF v_left > 0 THEN PERFORM ledger.refuse_contents_v1(l); END IF;

    SELECT u.id, u.location_id INTO v_wrong FROM inventory_handlingunit u
    JOIN inventory_hucontent c ON c.hu_id = u.id JOIN catalog_variant v ON v.id = c.variant_id
    WHERE u.id IN (SELECT destination_hu_id FROM unnest(l))
    GROUP BY u.id HAVING (u.kind IN ('roll', 'piece') AND count(*) > 1) OR bool_or(u.variant_id <> v.id)
        OR bool_or(v.tracking = 'serial' AND (c.quantity <> 1 OR u.kind <> 'piece')) LIMIT 1;
    IF FOUND THEN PERFORM ledger.refuse_unit_v1('one_thing', v_wrong.id, v_wrong.location_id); END IF;
END $$;

CREATE FUNCTION ledger.refuse_contents_v1(l ledger.line_v1[]) RETURNS void LANGUAGE sql AS $$
    SELECT ledger.refuse_v1('LS007', 'handling unit does not hold that much', jsonb_build_object('problem', 'contents',
        'hu_id', d.hu_id, 'variant_id', d.variant_id, 'lot_id', d.lot_id, 'asked', (-d.change)::text,
        'found', coalesce(c.quantity, 0)::text))
    FROM ledger.unit_deltas_v1(l) d LEFT JOIN inventory_hucontent c
        ON (c.hu_id, c.variant_id, c.lot_id, c.status, c.owner_id) = (d.hu_id, d.variant_id, d.lot_id, d.status, d.owner_id)
    WHERE d.change < 0 AND coalesce(c.quantity, 0) + d.change < 0 LIMIT 1
$$;

-- Gives moved units their new place, after checking that all of their contents came along: to one
-- place, and none of them left behind. All units at once: a loop cost more than the movements.
CREATE FUNCTION ledger.move_roots_v1(l ledger.line_v1[], p_units bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_roots bigint[];
    v_places bigint[];
    v_wrong record;
BEGIN
    SELECT array_agg(root_id ORDER BY root_id), array_agg(place ORDER BY root_id) INTO v_roots, v_places FROM (
        SELECT DISTINCT r.root_id, i.destination_id AS place
        FROM unnest(l) i JOIN ledger.unit_roots_v1(p_units) r ON r.id = i.source_hu_id
        WHERE i.source_hu_id = i.destination_hu_id AND i.source_id <> i.destination_id) moved;
    IF v_roots IS NULL THEN RETURN; END IF;
    SELECT root_id, place INTO v_wrong FROM (
        SELECT m.root_id, m.place, c.hu_id, c.variant_id, c.lot_id, c.status::text, c.owner_id, c.quantity::numeric
        FROM unnest(v_roots, v_places) m (root_id, place) JOIN ledger.unit_tree_v1(v_roots) t USING (root_id)
        JOIN inventory_hucontent c ON c.hu_id = t.id
        EXCEPT
        SELECT t.root_id, i.destination_id, i.destination_hu_id, i.variant_id, i.lot_id, i.destination_status,
               i.destination_owner_id, sum(i.quantity)
        FROM unnest(l) i JOIN ledger.unit_tree_v1(v_roots) t ON t.id = i.destination_hu_id
        GROUP BY 1, 2, 3, 4, 5, 6, 7) left_behind LIMIT 1;
    IF FOUND THEN PERFORM ledger.refuse_unit_v1('left_behind', v_wrong.root_id, v_wrong.place); END IF;
    UPDATE inventory_handlingunit u SET location_id = m.place
    FROM unnest(v_roots, v_places) m (root_id, place) WHERE u.id = m.root_id;
END $$;

-- An empty unit has no contents that could move it.
CREATE FUNCTION ledger.place_unit_v1(p_unit bigint, p_location bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM inventory_handlingunit WHERE id = p_unit AND parent_id IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM ledger.unit_tree_v1(ARRAY[p_unit]) t JOIN inventory_hucontent c ON c.hu_id = t.id) THEN
        PERFORM ledger.refuse_unit_v1('left_behind', p_unit, p_location);
    END IF;
    UPDATE inventory_handlingunit SET location_id = p_location WHERE id = p_unit;
END $$;

-- Packs a unit into another one that stands in the same place, or, with no parent, takes it out.
-- No quantity moves: contents count at their root's place before and after.
CREATE FUNCTION ledger.nest_unit_v1(p_unit bigint, p_parent bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_place bigint;
    v_there bigint;
BEGIN
    PERFORM FROM inventory_handlingunit u WHERE u.id IN (
        SELECT root_id FROM ledger.unit_roots_v1(ARRAY[p_unit, p_parent]) UNION VALUES (p_unit), (p_parent))
    ORDER BY u.id FOR NO KEY UPDATE;
    SELECT u.location_id INTO v_place FROM ledger.unit_roots_v1(ARRAY[p_unit]) r JOIN inventory_handlingunit u ON u.id = r.root_id;
    SELECT u.location_id INTO v_there FROM ledger.unit_roots_v1(ARRAY[p_parent]) r JOIN inventory_handlingunit u ON u.id = r.root_id;
    IF p_parent IS NOT NULL AND (v_place = v_there
        AND p_parent NOT IN (SELECT id FROM ledger.unit_tree_v1(ARRAY[p_unit]))) IS NOT TRUE THEN
        PERFORM ledger.refuse_unit_v1('nested', p_unit, v_there);
    END IF;
    UPDATE inventory_handlingunit SET parent_id = p_parent, location_id = CASE WHEN p_parent IS NULL THEN v_place END
    WHERE id = p_unit;
END $$;
