"""The ledger in PostgreSQL: tables, partitions, and the functions that alone may write them.

The SQL stands in ``sql/``, where it can be read as SQL. A file of a released migration is
never edited: a change is a new file (``post_v2.sql``) and a new migration.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent / "sql"
FILES = [
    "tables.sql",
    "partitions_v1.sql",
    "types_v1.sql",
    "lines_v1.sql",
    "balances_v1.sql",
    "pins_v1.sql",
    "units_v1.sql",
    "back_dating_v1.sql",
    "post_v1.sql",
    "reserve_v1.sql",
    "reverse_v1.sql",
    "snapshots_v1.sql",
    "guards.sql",
    "reporting.sql",
]
TABLES = [
    "snapshotrow",
    "snapshot",
    "hucontent",
    "reservationline",
    "reservation",
    "balance",
    "reversal",
    "movement",
    "posting",
    "backdating",
    "movementpartition",
    "ledgerstate",
]
UNDO = (
    "DROP VIEW reporting.inventory_transactions, reporting.inventory_levels;"
    "DROP VIEW inventory_place, inventory_side;"
    + "".join(f"DROP TABLE inventory_{table} CASCADE;" for table in TABLES)
    + "DROP SCHEMA ledger CASCADE;"
)


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0001_initial"),
        ("eventstore", "0001_initial"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL check_function_bodies = off", UNDO),
        *[migrations.RunSQL((SQL / name).read_text(), "") for name in FILES],
        migrations.RunSQL("SELECT ledger.ensure_partitions_v1(12)", ""),
    ]
