"""The sequencer, as two functions that run with the rights of the owner."""

from django.db import migrations

# Below it every transaction that could write here has ended. The snapshot lists the running ones of
# the whole server; those that somebody in another database is known to run cannot write here, and a
# transaction never changes its database, so leaving them out is safe however late we look. One we
# cannot find any more counts as ours.
HORIZON = """
CREATE FUNCTION eventstore_horizon_v1() RETURNS xid8
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(
        (SELECT running FROM pg_snapshot_xip(taken.snapshot) AS running
         WHERE NOT EXISTS (
            SELECT FROM pg_stat_activity AS elsewhere
            WHERE elsewhere.datname <> current_database()
              AND elsewhere.backend_xid::text::bigint = (running::text::bigint & 4294967295))
         ORDER BY running LIMIT 1),
        pg_snapshot_xmax(taken.snapshot))
    FROM (SELECT pg_current_snapshot() AS snapshot) AS taken
$$;
"""

# A schema-qualified, pinned search_path is what makes SECURITY DEFINER safe.
SEQUENCE = """
CREATE FUNCTION eventstore_sequence_v1(p_limit integer,
    OUT sequenced integer, OUT last_position bigint, OUT foreign_server boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    state eventstore_sequencerstate;
    horizon xid8;
    top record;
BEGIN
    foreign_server := false;
    -- One sequencer at a time, for the length of this transaction; a second one leaves at once.
    IF NOT pg_try_advisory_xact_lock(hashtext('lodestock.sequencer')) THEN RETURN; END IF;
    SELECT * INTO state FROM eventstore_sequencerstate;
    last_position := state.last_position;
    IF state.server_identity <> eventstore_server_identity() THEN
        foreign_server := true;
        RETURN;
    END IF;
    -- Before the events are read: what has ended below it is then visible.
    horizon := eventstore_horizon_v1();
    WITH batch AS MATERIALIZED (
        SELECT e.id, e.txid, e.correlation_id
        FROM eventstore_event AS e
        WHERE (e.txid, e.id) > (state.cursor_txid, state.cursor_event_id)
          AND e.txid < horizon
          AND e.id > state.fence_id
        ORDER BY e.txid, e.id LIMIT p_limit),
    placed AS (
        INSERT INTO eventstore_eventposition (position, event_id, correlation_id)
        SELECT state.last_position + row_number() OVER (ORDER BY txid, id), id, correlation_id
        FROM batch RETURNING position)
    SELECT (SELECT count(*) FROM placed) AS count, newest.txid, newest.id INTO top
    FROM (SELECT max(txid) AS txid FROM batch) AS latest
    LEFT JOIN LATERAL (SELECT txid, id FROM batch WHERE batch.txid = latest.txid
                       ORDER BY id DESC LIMIT 1) AS newest ON true;
    sequenced := top.count;
    IF sequenced = 0 THEN RETURN; END IF;
    last_position := state.last_position + sequenced;
    UPDATE eventstore_sequencerstate AS s
    SET last_position = state.last_position + top.count, cursor_txid = top.txid,
        cursor_event_id = top.id, updated_at = clock_timestamp();
    PERFORM pg_notify('lodestock_events', last_position::text);
END $$;
"""

# The restored rows carry numbers of transactions of another server. With writers shut out,
# every row there is is committed, so all of them get positions, in the order of their keys (which
# keeps every stream in order, and what was posted since behind what was restored). From here on
# only rows above the fence are new, and their numbers are at or above the present horizon.
AFTER_RESTORE = """
CREATE FUNCTION eventstore_after_restore_v1(OUT sequenced integer, OUT last_position bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('lodestock.sequencer'));
    LOCK TABLE eventstore_event IN SHARE ROW EXCLUSIVE MODE;
    SELECT s.last_position INTO before FROM eventstore_sequencerstate AS s;
    INSERT INTO eventstore_eventposition (position, event_id, correlation_id)
    SELECT before + row_number() OVER (ORDER BY e.id), e.id, e.correlation_id
    FROM eventstore_event AS e
    WHERE NOT EXISTS (SELECT FROM eventstore_eventposition AS p WHERE p.event_id = e.id);
    GET DIAGNOSTICS sequenced = ROW_COUNT;
    last_position := before + sequenced;
    UPDATE eventstore_sequencerstate AS s
    SET last_position = before + sequenced,
        cursor_txid = pg_snapshot_xmin(pg_current_snapshot()), cursor_event_id = 0,
        fence_id = (SELECT coalesce(max(id), 0) FROM eventstore_event),
        server_identity = eventstore_server_identity(), updated_at = clock_timestamp();
    PERFORM pg_notify('lodestock_events', last_position::text);
END $$;
"""

IDENTITY = """
CREATE FUNCTION eventstore_server_identity() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT system_identifier::text FROM pg_control_system()
$$;
"""

STATE = """
INSERT INTO eventstore_sequencerstate (id, cursor_txid, server_identity)
VALUES (1, '0', eventstore_server_identity());
"""


class Migration(migrations.Migration):
    dependencies = [("eventstore", "0001_initial")]

    operations = [
        migrations.RunSQL(IDENTITY, "DROP FUNCTION eventstore_server_identity()"),
        migrations.RunSQL(HORIZON, "DROP FUNCTION eventstore_horizon_v1()"),
        migrations.RunSQL(SEQUENCE, "DROP FUNCTION eventstore_sequence_v1(integer)"),
        migrations.RunSQL(AFTER_RESTORE, "DROP FUNCTION eventstore_after_restore_v1()"),
        migrations.RunSQL(STATE, "DELETE FROM eventstore_sequencerstate"),
    ]
