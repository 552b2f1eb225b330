"""A loss is booked although the goods were promised."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent / "sql" / "losses_v1.sql"
UNDO = """
DROP FUNCTION ledger.post_loss_v1, ledger.give_way_v1, ledger.note_displaced_v1, ledger.pin_elsewhere_v1;
DROP FUNCTION ledger.displace_v1, ledger.lock_losses_v1, ledger.promised_of_v1, ledger.losses_v1;
DROP FUNCTION ledger.want_lots_v1;
DROP TYPE ledger.displaced_v1;
ALTER TABLE inventory_reservation DROP COLUMN lot_id;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_closed_before")]

    operations = [
        migrations.RunSQL("SET LOCAL check_function_bodies = off", ""),
        migrations.RunSQL(SQL.read_text(), UNDO),
    ]
