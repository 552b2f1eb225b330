"""Closing a place and posting into it no longer pass each other unseen."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent / "sql" / "closing_v1.sql"
UNDO = (
    "DROP TRIGGER spread_closing ON locations_location;"
    "DROP TRIGGER guard_place ON inventory_balance;"
    "DROP FUNCTION ledger.spread_closing(), ledger.guard_new_balance();"
    "ALTER TABLE inventory_balance DROP COLUMN closed;"
)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_ledger"), ("locations", "0002_subtree")]

    operations = [migrations.RunSQL(SQL.read_text(), UNDO)]
