-- What records of this room must not do behind the ledger's back.

-- A unit's place and parent change by the ledger's functions (which run as the owner) only.
CREATE FUNCTION ledger.guard_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.location_id, NEW.parent_id) IS DISTINCT FROM (OLD.location_id, OLD.parent_id)
       AND current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'a handling unit is moved by posting, not by editing it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_place BEFORE UPDATE OF location_id, parent_id ON inventory_handlingunit
    FOR EACH ROW EXECUTE FUNCTION ledger.guard_unit();

-- A lot's expiry is repeated on its balances, where the order of promising is read.
CREATE FUNCTION ledger.spread_expiry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM inventory_balance WHERE lot_ref = NEW.id AND variant_id = NEW.variant_id
    ORDER BY variant_id, location_id, lot_id, status, owner_id FOR NO KEY UPDATE;
    UPDATE inventory_balance SET expires_on = coalesce(NEW.expires_on, '9999-12-31')
    WHERE lot_ref = NEW.id AND variant_id = NEW.variant_id;
    RETURN NULL;
END $$;
CREATE TRIGGER spread_expiry AFTER UPDATE OF expires_on ON inventory_lot
    FOR EACH ROW WHEN (NEW.expires_on IS DISTINCT FROM OLD.expires_on) EXECUTE FUNCTION ledger.spread_expiry();

-- A site's rule about negative stock is repeated on its balances; it is switched off only when
-- none is negative (the CHECK refuses).
CREATE FUNCTION ledger.spread_allow_negative() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE inventory_balance b SET allow_negative = NEW.allow_negative_stock
    FROM locations_location l WHERE l.id = b.location_id AND l.site_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER spread_allow_negative AFTER UPDATE OF allow_negative_stock ON organisation_site
    FOR EACH ROW WHEN (NEW.allow_negative_stock <> OLD.allow_negative_stock)
    EXECUTE FUNCTION ledger.spread_allow_negative();
