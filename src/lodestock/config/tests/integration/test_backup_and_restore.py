"""A backup can be trusted, and a restored database goes on where the other stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.contrib.auth import get_user_model

from lodestock.config.operations.archive import Archive, BackupUnusable, pack_files, unpack_files
from lodestock.config.testing.server import template, test_server

pytestmark = pytest.mark.timeout(240)


def lodestock(*arguments: str, url: str, home) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DATABASE_URL": url,
        "LODESTOCK_HOME": str(home),
        "LODESTOCK_DB_ROLE": "app",
        "DJANGO_SETTINGS_MODULE": "lodestock.config.settings.dev",
    }
    command = [sys.executable, "-m", "lodestock", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def source(committing_db, tmp_path):
    """A database with a user, and a home with one stored file."""
    get_user_model().objects.create_superuser(username="ada", password="correct horse battery")
    stored = tmp_path / "home" / "files" / "raw" / "ab12"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"id;date\r\n1;2012-01-06\r\n")
    return committing_db


@pytest.fixture
def target():
    """An empty database of the test's own, as a URL maker."""
    from lodestock.kernel.testing.databases import database_url

    server = test_server()
    template()
    name = server.clone("template0")
    yield database_url(server.owner_of(name))
    server.drop(name)


def test_a_restored_database_is_whole_readable_in_order_and_guarded_as_before(
    source, target, tmp_path
):
    home, folder = tmp_path / "home", tmp_path / "backup"
    made = lodestock("backup", str(folder), "--json", url=source.url, home=home)
    assert made.returncode == 0, made.stderr
    manifest = json.loads(made.stdout)
    assert manifest["ok"]
    assert set(manifest["contents"]) == {"database.dump", "files.tar"}

    fresh = tmp_path / "fresh"
    done = lodestock("restore", str(folder), "--json", url=target, home=fresh)
    assert done.returncode == 0, done.stderr + done.stdout
    result = json.loads(done.stdout)
    assert result["ok"]
    assert result["missing_rows"] == {}
    assert {"migrate", "events"} <= set(result["steps"])
    with psycopg.connect(target) as connection:
        query = "SELECT username FROM accounts_user WHERE is_superuser"
        assert ("ada",) in connection.execute(query).fetchall()
    with psycopg.connect(target, options="-c role=lodestock_app") as connection:
        connection.execute("SELECT 1 FROM kernel_history LIMIT 1")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM kernel_history")
    stored = fresh / "files" / "raw" / "ab12"
    assert stored.read_bytes() == b"id;date\r\n1;2012-01-06\r\n"
    assert not (fresh / "files" / "secrets").exists()


def test_a_restore_refuses_a_database_that_holds_something_and_says_how_to_insist(source, tmp_path):
    home, folder = tmp_path / "home", tmp_path / "backup"
    lodestock("backup", str(folder), url=source.url, home=home)
    done = lodestock("restore", str(folder), url=source.url, home=home)
    assert done.returncode == 1
    assert "--replace" in done.stderr
    insisted = lodestock("restore", str(folder), "--replace", "--json", url=source.url, home=home)
    assert insisted.returncode == 0, insisted.stderr + insisted.stdout


def test_an_altered_backup_is_refused_before_anything_is_touched(tmp_path):
    archive = sealed(tmp_path)
    archive.dump.write_bytes(b"somebody else's database")
    with pytest.raises(BackupUnusable, match=r"database\.dump is not what was backed up"):
        archive.read_manifest()


def test_a_backup_that_lost_a_part_is_refused_by_the_name_of_the_part(tmp_path):
    archive = sealed(tmp_path)
    archive.files.unlink()
    with pytest.raises(BackupUnusable, match=r"files\.tar is missing"):
        archive.read_manifest()


def test_a_folder_without_a_manifest_is_no_backup(tmp_path):
    with pytest.raises(BackupUnusable, match="did not finish"):
        Archive(tmp_path).read_manifest()


def test_files_cannot_be_unpacked_outside_the_home(tmp_path):
    import io
    import tarfile

    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        member = tarfile.TarInfo("../outside")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    with pytest.raises(BackupUnusable, match="outside"):
        unpack_files(evil, tmp_path / "home")
    assert not (tmp_path / "outside").exists()


def sealed(folder) -> Archive:
    archive = Archive(folder)
    archive.dump.write_bytes(b"a database")
    pack_files(folder / "no files yet", archive.files)
    archive.write_manifest(server="15.0", rows={})
    archive.read_manifest()
    return archive
