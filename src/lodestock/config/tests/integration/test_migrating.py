"""The shortcut of `migrate` makes the same database as Django's long way."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest

from lodestock.config.testing.server import migrate, test_server
from lodestock.kernel.testing.databases import database_url

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

LONG_WAY = """
import contextlib
import django
django.setup()
from django.core.management import call_command
from lodestock.config.management.commands import migrate
migrate.without_needless_rendering = contextlib.nullcontext
call_command("migrate", verbosity=0, skip_checks=True)
"""
SHAPE = """
SELECT 'index', indexname || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass || conname || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'column', concat(table_name, column_name, data_type, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
ORDER BY 1, 2
"""


@pytest.fixture
def empty():
    """Two empty databases."""
    server = test_server()
    names = [server.clone("template0") for _ in range(2)]
    yield [server.owner_of(name) for name in names]
    for name in names:
        server.drop(name)


def test_the_short_way_makes_what_the_long_way_makes(empty):
    short, long = empty
    migrate(short)
    environment = os.environ | {"DATABASE_URL": database_url(long), "LODESTOCK_DB_ROLE": "owner"}
    subprocess.run([sys.executable, "-c", LONG_WAY], env=environment, check=True)
    shapes = []
    for conninfo in (short, long):
        with psycopg.connect(**conninfo) as connection:
            shapes.append(connection.execute(SHAPE).fetchall())
    assert len(shapes[0]) > 500
    assert shapes[0] == shapes[1]
