"""The subtree of a category as a table function."""

from django.db import migrations

SUBTREE = """
CREATE FUNCTION catalog_subtree(root bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 AS $$
    WITH RECURSIVE tree (id) AS (
        SELECT root
        UNION
        SELECT c.id FROM catalog_category AS c JOIN tree ON c.parent_id = tree.id
    )
    SELECT id FROM tree
$$;
COMMENT ON FUNCTION catalog_subtree(bigint) IS 'The category itself and everything below it.';
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunSQL(SUBTREE, "DROP FUNCTION catalog_subtree(bigint)")]
