"""Document numbers out of sequences, which the program may use but not make."""

from django.db import migrations

CREATE = """
CREATE FUNCTION organisation_next_numbers(p_series bigint, p_period text, p_count integer)
RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
    sequence_name text := 'organisation_number_' || p_series || '_' || p_period;
BEGIN
    IF p_period !~ '^([0-9]{4}|[0-9]{6}|all)$' THEN
        RAISE EXCEPTION 'period % is neither a year, a month nor all', p_period
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass(sequence_name) IS NULL THEN
        PERFORM 1 FROM organisation_numberseries WHERE id = p_series;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no number series %', p_series
                USING ERRCODE = 'foreign_key_violation';
        END IF;
        -- Whoever comes second waits here until the first has committed. Only CREATE … IF NOT
        -- EXISTS then looks at the catalogue afresh; to_regclass would repeat what it remembers.
        PERFORM pg_advisory_xact_lock(hashtext(sequence_name));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', sequence_name);
    END IF;
    RETURN QUERY SELECT nextval(sequence_name::regclass) FROM generate_series(1, p_count);
END $$;
"""

DROP = "DROP FUNCTION organisation_next_numbers(bigint, text, integer)"


class Migration(migrations.Migration):
    dependencies = [("organisation", "0002_seed")]

    operations = [migrations.RunSQL(CREATE, DROP)]
