"""The program as an installation meets it: settings, commands, versions, licences."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def lodestock(*arguments: str, url: str, home: Path, **more: str) -> subprocess.CompletedProcess:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LODESTOCK_", "DATABASE_", "DJANGO_"))
    }
    environment |= {"DATABASE_URL": url, "LODESTOCK_HOME": str(home)} | more
    return subprocess.run(
        [sys.executable, "-m", "lodestock", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def production(committing_db, tmp_path):
    """Run commands with production settings on a migrated database."""

    def run(*arguments: str) -> subprocess.CompletedProcess:
        return lodestock(
            *arguments,
            url=committing_db.url,
            home=tmp_path / "home",
            DJANGO_SETTINGS_MODULE="lodestock.config.settings.prod",
            LODESTOCK_ALLOWED_HOSTS="stock.example",
            LODESTOCK_SITE_URL="https://stock.example",
            DJANGO_SUPERUSER_PASSWORD="correct horse battery",
        )

    return run


def test_production_passes_the_deployment_check_without_a_warning(production):
    """A-01: `lodestock check --deploy` exits 0 with production settings."""
    done = production("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_django_is_the_long_term_version():
    """A-01, C-01: Django 5.2."""
    assert django.VERSION[:2] == (5, 2)


def test_the_everyday_commands_work(production, committing_db, tmp_path):
    """E-68: migrate, createsuperuser, runserver (its check), collectstatic; nothing to migrate."""
    migrated = production("migrate", "--check")
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    made = production("createsuperuser", "--noinput", "--username", "ada", "--email", "a@b.example")
    assert made.returncode == 0, made.stderr
    with committing_db.connect_as_owner() as owner:
        query = "SELECT is_superuser FROM accounts_user WHERE username = 'ada'"
        assert owner.execute(query).fetchone() == (True,)
    collected = production("collectstatic", "--noinput")
    assert collected.returncode == 0, collected.stderr
    assert any((tmp_path / "home" / "static").rglob("*.css"))
    missing = production("makemigrations", "--check", "--dry-run")
    assert missing.returncode == 0, missing.stdout + missing.stderr


@pytest.mark.django_db
def test_there_is_one_engine_and_it_is_new_enough():
    """C-03, E-66: PostgreSQL 15 or newer, embedded or given."""
    assert {db["ENGINE"] for db in settings.DATABASES.values()} == {"django.db.backends.postgresql"}
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 150000


def test_ten_thousand_tenths_are_exactly_a_thousand():
    """A-19: decimals, never binary floats."""
    assert sum([Decimal("0.1")] * 10_000) == 1000


def test_the_licence_is_there_and_the_sources_are_thanked():
    """E-77: MIT, credits, and the licences of what we install."""
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["license"] == "MIT"
    thanked = (ROOT / "docs" / "credits.md").read_text(encoding="utf-8").lower()
    for source in ("lycore", "the proper motion company", "sandip sing"):
        assert source in thanked, source


def test_the_licences_of_third_parties_are_listed(committing_db, tmp_path):
    """E-77: `lodestock licences` names every installed package and lets in no GPL."""
    done = lodestock("licences", "--json", url=committing_db.url, home=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["ok"]
