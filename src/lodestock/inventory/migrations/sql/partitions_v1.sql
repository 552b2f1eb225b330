-- Month partitions, made ahead. SECURITY DEFINER, because the program may not create tables.

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused. Correct a movement by reversing it.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION ledger.protect(p_table regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change()', p_table);
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()', p_table);
END $$;

SELECT ledger.protect(t) FROM unnest(ARRAY['inventory_posting', 'inventory_movement', 'inventory_reversal']::regclass[]) t;

-- One month. Attached, not created in place: ATTACH does not stop readers and writers of the parent.
-- Row triggers come down from the parent; the TRUNCATE trigger does not, so every partition gets its own.
CREATE FUNCTION ledger.create_partition(p_start timestamptz, p_end timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_name text := 'inventory_movement_' || to_char(p_start AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
    EXECUTE format('CREATE TABLE public.%I (LIKE public.inventory_movement INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
        CONSTRAINT in_range CHECK (recorded_at >= %L AND recorded_at < %L))', v_name, p_start, p_end);
    EXECUTE format('ALTER TABLE public.inventory_movement ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        v_name, p_start, p_end);
    EXECUTE format('ALTER TABLE public.%I DROP CONSTRAINT in_range', v_name);
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.%I
        FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()', v_name);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', v_name);
    INSERT INTO public.inventory_movementpartition VALUES (v_name, p_start, p_end);
    RETURN v_name;
END $$;

-- Makes what is missing between this month and p_months_ahead; answers the names it made.
CREATE FUNCTION ledger.ensure_partitions_v1(p_months_ahead integer) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    v_start timestamptz := date_trunc('month', transaction_timestamp(), 'UTC');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ledger.ensure_partitions'));
    FOR v_month IN 0 .. p_months_ahead LOOP
        IF NOT EXISTS (SELECT FROM inventory_movementpartition WHERE range_start = v_start) THEN
            RETURN NEXT ledger.create_partition(v_start, date_trunc('month', v_start + interval '45 days', 'UTC'));
        END IF;
        v_start := date_trunc('month', v_start + interval '45 days', 'UTC');
    END LOOP;
END $$;
