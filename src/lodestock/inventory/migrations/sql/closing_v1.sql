-- A place is closed, or retired, while it is empty, and nothing comes into it until it is opened
-- again. A posting looks at the place first and at the balance last; in between somebody may close
-- it. So the balances say it too: whoever waited for one finds it closed. See docs/locking.md.

ALTER TABLE inventory_balance ADD COLUMN closed boolean NOT NULL DEFAULT false;
ALTER TABLE inventory_balance ADD CONSTRAINT inventory_balance_closed CHECK (NOT closed OR on_hand = 0) NOT VALID;

-- A new balance shares a lock on its place, and then looks again: it sees what was committed before
-- the lock was ours. Waiting is safe: whoever closes a place waits for nobody while holding it.
CREATE FUNCTION ledger.guard_new_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM locations_location WHERE id = NEW.location_id FOR KEY SHARE;
    NEW.closed := coalesce((SELECT NOT (active AND status = 'open') FROM locations_location WHERE id = NEW.location_id), false);
    RETURN NEW;
END $$;
CREATE TRIGGER guard_place BEFORE INSERT ON inventory_balance FOR EACH ROW EXECUTE FUNCTION ledger.guard_new_balance();

-- After places were closed, retired or opened again. Three locks, of which only the first is waited for.
CREATE FUNCTION ledger.spread_closing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_opened bigint[] := ARRAY(SELECT n.id FROM new_places n JOIN old_places o USING (id)
        WHERE n.active AND n.status = 'open' AND NOT (o.active AND o.status = 'open'));
    v_shut bigint[] := ARRAY(SELECT n.id FROM new_places n JOIN old_places o USING (id)
        WHERE o.active AND o.status = 'open' AND NOT (n.active AND n.status = 'open'));
    v_holding text;
BEGIN
    IF cardinality(v_opened) + cardinality(v_shut) = 0 THEN RETURN NULL; END IF;
    -- Whoever is posting there now, in the order of all balances.
    PERFORM FROM inventory_balance WHERE location_id = ANY (v_shut || v_opened)
    ORDER BY variant_id, location_id, lot_id, status, owner_id FOR NO KEY UPDATE;
    -- From here on nobody makes a balance there. Who is just making one may need what we hold.
    PERFORM FROM locations_location WHERE id = ANY (v_shut) ORDER BY id FOR UPDATE NOWAIT;
    -- Balances that were made between the two.
    PERFORM FROM inventory_balance WHERE location_id = ANY (v_shut) FOR NO KEY UPDATE NOWAIT;
    SELECT min(l.path) INTO v_holding FROM inventory_balance b JOIN locations_location l ON l.id = b.location_id
    WHERE b.location_id = ANY (v_shut) AND (b.on_hand <> 0 OR b.reserved <> 0);
    IF v_holding IS NOT NULL THEN
        RAISE EXCEPTION 'goods lie in %', v_holding
            USING ERRCODE = 'check_violation', CONSTRAINT = 'locations_location_empty';
    END IF;
    UPDATE inventory_balance SET closed = location_id = ANY (v_shut)
    WHERE location_id = ANY (v_shut || v_opened) AND closed <> (location_id = ANY (v_shut));
    RETURN NULL;
END $$;
CREATE TRIGGER spread_closing AFTER UPDATE ON locations_location
    REFERENCING OLD TABLE AS old_places NEW TABLE AS new_places
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.spread_closing();
