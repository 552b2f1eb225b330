"""Put the queue's tables and functions into the schema ``pgmq``, from the SQL in the wheel.

No extension is needed. Messages are only hints, so another version of the queue simply replaces
the schema. Needs the owner's rights; does nothing more than needed when called again.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from pgmq.install import get_embedded_install_sql, get_embedded_sql_version

from lodestock.kernel.roles import APP, role_exists

QUEUE = "lodestock"
# Raised when our additions below change, so that they reach existing databases.
OUR_VERSION = 1

# The client calls an overload that this version of the SQL lacks.
SEND_TOPIC = """
CREATE OR REPLACE FUNCTION pgmq.send_topic(routing_key text, msg jsonb, headers jsonb)
RETURNS integer LANGUAGE sql AS $$ SELECT pgmq.send_topic(routing_key, msg, headers, 0) $$;
"""

# A queue is short and changes all the time: vacuum by number of dead rows, not by share.
VACUUM = f"""
ALTER TABLE pgmq.q_{QUEUE} SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0, fillfactor = 70);
"""

GRANTS = f"""
GRANT USAGE, CREATE ON SCHEMA pgmq TO {APP};
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA pgmq TO {APP};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA pgmq TO {APP};
"""


def wanted_version() -> str:
    """What the schema's comment must say."""
    return f"pgmq {get_embedded_sql_version()} for Lodestock, revision {OUR_VERSION}"


def install(connection: Any) -> bool:
    """Bring the queue to the wanted version; returns whether anything had to be done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regnamespace('pgmq'), 'pg_namespace')")
        changed: bool = cursor.fetchone()[0] != wanted_version()
        if changed:
            cursor.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")
            _run_script(cursor, get_embedded_install_sql())
            cursor.execute(SEND_TOPIC)
            cursor.execute("SELECT pgmq.create(%s)", [QUEUE])
            cursor.execute(VACUUM)
            cursor.execute(f"COMMENT ON SCHEMA pgmq IS '{wanted_version()}'")
        if role_exists(connection, APP):
            _run_script(cursor, GRANTS)
    return changed


def prepare_broker(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """After every migrate: a newer queue in a newer program, and rights for a new role."""
    connection = connections[using]
    if sender.label == "jobs" and "jobs_job" in connection.introspection.table_names():
        install(connection)


def _run_script(cursor: Any, script: str) -> None:
    """Several statements at once go past Django, which prepares each for the server."""
    cursor.connection.execute(script.encode())
