"""The rows every installation starts with: owner 0, the own company, the walk-in customer, terms."""

from django.db import migrations

PARTNERS = [
    # id, code, name, roles, active: row 0 stands for "no owner named" and is never shown
    (0, "-", "(own stock, no owner named)", ["own_company"], False),
    (None, "OWN", "Own company", ["own_company"], True),
    (None, "WALK-IN", "Walk-in customer", ["customer"], True),
]

# code, name, basis, net days, discount days, discount percent
TERMS = [
    ("PREPAID", "Payment before delivery", "invoice_date", 0, None, None),
    ("NET0", "Payable at once", "invoice_date", 0, None, None),
    ("NET7", "7 days net", "invoice_date", 7, None, None),
    ("NET14", "14 days net", "invoice_date", 14, None, None),
    ("NET30", "30 days net", "invoice_date", 30, None, None),
    ("NET45", "45 days net", "invoice_date", 45, None, None),
    ("NET60", "60 days net", "invoice_date", 60, None, None),
    ("NET90", "90 days net", "invoice_date", 90, None, None),
    ("EOM15", "15 days after the end of the month", "end_of_month", 15, None, None),
    ("EOM30", "30 days after the end of the month", "end_of_month", 30, None, None),
    ("2-10-NET30", "2 % within 10 days, 30 days net", "invoice_date", 30, 10, "2.000"),
]


def seed(apps, schema_editor):
    partner = apps.get_model("partners", "Partner")
    for key, code, name, roles, active in PARTNERS:
        given = {} if key is None else {"id": key}
        partner.objects.get_or_create(
            code=code, defaults={**given, "name": name, "roles": roles, "active": active}
        )
    terms = apps.get_model("partners", "PaymentTerms")
    for code, name, basis, net, discount_days, percent in TERMS:
        terms.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "basis": basis,
                "net_days": net,
                "discount_days": discount_days,
                "discount_percent": percent,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
