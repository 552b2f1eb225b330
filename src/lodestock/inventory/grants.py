"""Who may call the ledger's functions: the program's role, and only the front doors."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from lodestock.kernel.roles import APP, READER, role_exists

#: Views, and the one table that has no model.
_READABLE = "inventory_place, inventory_side, inventory_snapshotrow"
_FUNCTIONS = """
SELECT p.oid::regprocedure::text, p.prosecdef
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'ledger'
"""


def apply_grants(connection: BaseDatabaseWrapper) -> None:
    """Take EXECUTE from everybody, give the SECURITY DEFINER functions to the program.

    Runs after every migrate. The helpers run inside those functions, as the owner; called by
    the program itself they would find nothing they may write.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('ledger')")
        if cursor.fetchone()[0] is None:
            return
        cursor.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC")
        if role_exists(connection, APP):
            cursor.execute(f"GRANT USAGE ON SCHEMA ledger TO {APP}")
            cursor.execute(f"GRANT SELECT ON {_READABLE} TO {APP}")
            cursor.execute(_FUNCTIONS)
            for function in [name for name, front_door in cursor.fetchall() if front_door]:
                cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {APP}")
        if role_exists(connection, READER):
            _grant_reader(connection)


def _grant_reader(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('reporting')")
        if cursor.fetchone()[0] is not None:
            cursor.execute(f"GRANT USAGE ON SCHEMA reporting TO {READER}")
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO {READER}")
