"""The embedded queue, in a schema of its own."""

from django.db import migrations

from lodestock.jobs.broker.install import install


def forwards(apps, schema_editor):
    install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
