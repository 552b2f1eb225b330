"""The subtree of a location as a table function, and the virtual locations of the network."""

from django.db import migrations

# Path range instead of recursion: "0" is the character after "/", so the range holds exactly what
# lies below. One branch of the UNION for the place itself keeps each branch on one index.
SUBTREE = """
CREATE FUNCTION locations_subtree(root bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 AS $$
    SELECT root
    UNION ALL
    SELECT below.id FROM locations_location AS top
    JOIN locations_location AS below
      ON below.path > top.path || '/' AND below.path < top.path || '0'
    WHERE top.id = root
$$;
COMMENT ON FUNCTION locations_subtree(bigint) IS 'The location itself and everything below it.';
"""

VIRTUAL = ["supplier", "customer", "transit", "opening", "scrap", "count", "production", "adjust"]


def seed(apps, schema_editor):
    location = apps.get_model("locations", "Location")
    for kind in VIRTUAL:
        location.objects.get_or_create(
            code=f"V-{kind.upper()}",
            parent=None,
            defaults={"kind": "virtual", "virtual_kind": kind, "name": kind.capitalize()},
        )


class Migration(migrations.Migration):
    dependencies = [("locations", "0001_initial")]
    operations = [
        migrations.RunSQL(SUBTREE, "DROP FUNCTION locations_subtree(bigint)"),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
