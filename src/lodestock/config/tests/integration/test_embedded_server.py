"""The embedded PostgreSQL starts anywhere, survives kill -9, and lets nobody else in."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from lodestock.config.embedded import layout as layouts
from lodestock.config.embedded.errors import EmbeddedError
from lodestock.config.embedded.layout import SOCKET_PATH_MAX_BYTES, Layout
from lodestock.config.embedded.process import living_server
from lodestock.config.embedded.server import EmbeddedServer

pytestmark = [pytest.mark.owns_server, pytest.mark.timeout(120)]

RACER = """
import sys
from pathlib import Path
import psycopg
from lodestock.config.embedded.server import EmbeddedServer
server = EmbeddedServer.at(Path(sys.argv[1]))
started = server.start()
with psycopg.connect(**server.conninfo("app")) as connection:
    connection.execute("SELECT 1")
print("started" if started else "joined", flush=True)
sys.stdin.readline()
server.leave()
"""


@pytest.fixture
def home(tmp_path):
    """A home of the test's own; as root its data lies elsewhere and must go as well."""
    folder = tmp_path / "home"
    yield folder
    for link in [*tmp_path.glob("*/postgres"), *tmp_path.glob("*/*/postgres")]:
        if link.is_symlink():
            shutil.rmtree(link.resolve())


@pytest.fixture
def server(home):
    """A server of the test's own, stopped at the end whatever happened to it."""
    made = EmbeddedServer.at(home)
    yield made
    made.start()
    made.leave()


def ask(server: EmbeddedServer, statement: str, role: str = "app"):
    with psycopg.connect(**server.conninfo(role), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone() if cursor.description else None


def test_each_role_connects_as_itself_over_the_socket(server):
    assert server.start()
    for role in ("owner", "app", "read"):
        assert ask(server, "SELECT current_user", role) == (f"lodestock_{role}",)


def test_the_program_may_not_create_tables_and_is_no_superuser(server):
    server.start()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(server, "CREATE TABLE sneaky (id int)")
    query = "SELECT bool_or(rolsuper) FROM pg_roles WHERE rolname LIKE 'lodestock%'"
    assert ask(server, query) == (False,)


def test_the_cluster_is_utf8_sorts_by_code_point_and_counts_statements(server):
    server.start()
    assert ask(server, "SHOW server_encoding") == ("UTF8",)
    assert ask(server, "SELECT 'B' < 'a', upper('é')") == (True, "É")
    assert ask(server, "SHOW shared_preload_libraries", "admin") == ("pg_stat_statements",)
    assert ask(server, "SHOW fsync") == ("on",)


def test_nothing_listens_on_tcp_unless_asked(server):
    server.start()
    assert ask(server, "SHOW listen_addresses") == ("",)


def test_tcp_wants_a_password_and_refuses_without(home, unused_tcp_port):
    server = EmbeddedServer.at(home, tcp_port=unused_tcp_port)
    server.start()
    try:
        server.allow_tcp("correct horse battery")
        address = {"host": "127.0.0.1", "port": unused_tcp_port, "dbname": "lodestock"}
        with psycopg.connect(
            **address, user="lodestock_read", password="correct horse battery"
        ) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("lodestock_read",)
        for user in ("lodestock_read", "lodestock_owner", "postgres"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(**address, user=user, password="wrong")
    finally:
        server.leave()


@pytest.fixture
def unused_tcp_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_after_kill_9_an_immediate_restart_finds_what_was_committed(server):
    server.start()
    ask(server, "CREATE TABLE kept (id int)", "owner")
    ask(server, "INSERT INTO kept SELECT generate_series(1, 1000)", "owner")
    pid = living_server(server.layout)
    os.kill(pid, signal.SIGKILL)
    # Our own dead child is a zombie now: its pid still answers kill(pid, 0).
    assert server.start()
    assert living_server(server.layout) != pid
    assert ask(server, "SELECT count(*) FROM kept", "owner") == (1000,)


def test_a_restart_waits_for_the_orphans_of_a_killed_server(server):
    server.start()
    busy = psycopg.connect(**server.conninfo("app"))
    busy.execute("SELECT 1")
    os.kill(living_server(server.layout), signal.SIGKILL)
    assert server.start()
    assert ask(server, "SELECT 1") == (1,)
    busy.close()


def test_a_pid_that_belongs_to_another_program_is_not_believed(server):
    server.start()
    os.kill(living_server(server.layout), signal.SIGKILL)
    time.sleep(0.2)
    lines = server.layout.pid_file.read_text().splitlines()
    server.layout.pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert living_server(server.layout) is None
    assert server.start()


def test_of_processes_that_start_together_one_starts_and_the_last_one_out_stops(home):
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = sorted(racer.stdout.readline().strip() for racer in racers)
    assert said == ["joined", "joined", "started"]
    layout = Layout.of(home)
    for number, racer in enumerate(racers):
        assert living_server(layout), f"stopped while {len(racers) - number} still used it"
        racer.communicate("\n")
    assert living_server(layout) is None


def test_a_home_with_spaces_and_accents_works(home, tmp_path):
    server = EmbeddedServer.at(tmp_path / "mi casa é, 100%")
    server.start()
    assert ask(server, "SELECT 1") == (1,)
    assert server.leave()


def test_a_long_path_gets_a_short_socket(home, tmp_path):
    server = EmbeddedServer.at(tmp_path / ("long" * 30))
    socket = server.layout.socket_dir / ".s.PGSQL.5432"
    assert len(os.fsencode(socket)) <= SOCKET_PATH_MAX_BYTES
    server.start()
    assert ask(server, "SELECT 1") == (1,)
    assert server.leave()


@pytest.mark.parametrize("name", ["with space", "comma,inside", "é", "x" * 200])
def test_a_folder_that_a_socket_address_cannot_carry_is_replaced(name):
    assert not layouts.fits_socket(f"/srv/{name}/run")


def test_a_socket_folder_of_somebody_else_is_refused(home, tmp_path):
    server = EmbeddedServer.at(home)
    target = tmp_path / "elsewhere"
    target.mkdir()
    server.layout.socket_dir.symlink_to(target)
    with pytest.raises(EmbeddedError, match="another account"):
        server.start()


def test_data_of_another_major_version_is_refused_with_the_way_out(server):
    server.start()
    server.leave()
    version = server.layout.data / "PG_VERSION"
    real = version.read_text()
    version.write_text("14\n")
    try:
        with pytest.raises(EmbeddedError, match=r"PostgreSQL 14.*backup.*restore"):
            server.start()
    finally:
        version.write_text(real)


def test_a_half_made_cluster_is_made_again(server):
    half = server.layout.root / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert server.start()
    assert not half.exists()


def test_without_programs_both_cures_are_named(tmp_path):
    with pytest.raises(EmbeddedError, match=r"DATABASE_URL.*LODESTOCK_PG_BIN"):
        EmbeddedServer.at(tmp_path / "home", binaries=str(tmp_path / "nothing"))


@pytest.mark.skipif(os.getuid() != 0, reason="only root needs another account")
def test_as_root_the_server_runs_as_somebody_without_rights(server):
    server.start()
    pid = living_server(server.layout)
    assert Path(f"/proc/{pid}").stat().st_uid not in {0}


@pytest.mark.skipif(os.getuid() != 0, reason="only root has a closed home to leave")
def test_as_root_a_closed_home_gets_a_link_to_a_folder_the_server_can_reach(home, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedServer.at(closed / "home")
    link = closed / "home" / "postgres"
    assert link.is_symlink()
    server.start()
    assert ask(server, "SELECT 1") == (1,)
    server.leave()
