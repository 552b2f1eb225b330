"""Balances of places that were closed before 0003 say so too; then the constraint holds for all.

One that still counts goods stays as it is: ``verify_ledger`` names it, and moving the goods away and
closing the place again mends it.
"""

from django.db import migrations

MARK = """
UPDATE inventory_balance b SET closed = true FROM locations_location l
WHERE l.id = b.location_id AND NOT (l.active AND l.status = 'open') AND b.on_hand = 0 AND NOT b.closed
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_closing")]

    operations = [
        migrations.RunSQL(MARK, ""),
        migrations.RunSQL(
            "ALTER TABLE inventory_balance VALIDATE CONSTRAINT inventory_balance_closed", ""
        ),
    ]
