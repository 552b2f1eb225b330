"""Starting, joining and leaving the embedded PostgreSQL.

Every process that uses the server holds a share of one file lock for as long as it lives; whoever
gives the last share back stops the server. Starting and stopping happen under a second, exclusive
lock, so of several processes that begin at once one starts the server and the others join it.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from lodestock.config.database import EMBEDDED_DATABASE, ROLE_NAMES
from lodestock.config.embedded import locks
from lodestock.config.embedded.account import Account, own_name, server_account, server_root
from lodestock.config.embedded.binaries import (
    find_binaries,
    has_library,
    major_version,
    usable_by,
)
from lodestock.config.embedded.cluster import ensure_cluster, set_password
from lodestock.config.embedded.configuration import (
    SUPERUSER,
    Wishes,
    initdb_arguments,
    server_settings,
    write_access_rules,
)
from lodestock.config.embedded.errors import EmbeddedError
from lodestock.config.embedded.layout import Layout
from lodestock.config.embedded.process import (
    clear_leftovers,
    is_ready,
    living_server,
    stop_server,
)
from lodestock.config.home import ensure_home

START_PATIENCE_SECONDS = 180.0
ORPHAN_PATIENCE_SECONDS = 30.0
STILL_IN_USE = "pre-existing shared memory block"
LOG_MAX_BYTES = 10 * 1024 * 1024


@dataclass
class EmbeddedServer:
    """One server, its folders and the account it runs under."""

    layout: Layout
    account: Account
    binaries: Path
    wishes: Wishes = field(default_factory=Wishes)
    _share: int | None = None
    _holder: int = 0
    _child: subprocess.Popen[bytes] | None = None

    @classmethod
    def at(
        cls, home: Path, *, durable: bool = True, tcp_port: int = 0, binaries: str = ""
    ) -> EmbeddedServer:
        """Return the server of LODESTOCK_HOME, not yet started; makes the folders it needs.

        Raises EmbeddedError or HomeUnusable, each with its cure.
        """
        account = server_account()
        folder = usable_by(account, find_binaries(binaries))
        layout = Layout(server_root(ensure_home(home), account))
        statistics = has_library(folder, "pg_stat_statements")
        return cls(layout, account, folder, Wishes(durable, tcp_port, statistics))

    def conninfo(self, role: str = "app") -> dict[str, Any]:
        """Return connection arguments; `role` is admin (the superuser), owner, app or read."""
        admin = role == "admin"
        return {
            "host": str(self.layout.socket_dir),
            "port": self.layout.port,
            "user": SUPERUSER if admin else ROLE_NAMES[role],
            "dbname": SUPERUSER if admin else EMBEDDED_DATABASE,
        }

    def start(self) -> bool:
        """Start the server, or join the one that runs; returns whether this call started it."""
        with locks.exclusive(self.layout.start_lock):
            started = not self._join()
            if started:
                self._prepare()
                self._launch_until_ready()
            if self._share is None:
                self._share = locks.share(self.layout.users_lock)
                self._holder = os.getpid()
            if started:
                ensure_cluster(self._admin())
            return started

    def leave(self) -> bool:
        """Stop using the server; the last one out stops it. Returns whether it was stopped."""
        # A forked child carries its parent's share; giving it back is the parent's business.
        if self._share is None or self._holder != os.getpid():
            return False
        with locks.exclusive(self.layout.start_lock):
            handle, self._share = self._share, None
            return self._stop() if locks.leave(handle) else False

    def allow_tcp(self, password: str) -> None:
        """Set the password under which the program's and the reader's role may use TCP."""
        if self.layout.port != self.wishes.tcp_port:
            raise EmbeddedError(
                f"The server already runs without TCP on port {self.wishes.tcp_port};"
                " stop every `lodestock` process and start again."
            )
        set_password(self._admin(), password)

    def _admin(self) -> dict[str, Any]:
        conninfo = self.conninfo("admin")
        del conninfo["dbname"]
        return conninfo

    def _join(self) -> bool:
        """Whether a server runs and answers; waits for one that is starting, or dying.

        A process that was just killed still looks alive for a moment: only an answer counts.
        """
        deadline = time.monotonic() + START_PATIENCE_SECONDS
        while living_server(self.layout) is not None:
            if is_ready(self.layout) and self._answers():
                return True
            if time.monotonic() > deadline:
                raise EmbeddedError(self._not_ready())
            time.sleep(0.01)
        return False

    def _answers(self) -> bool:
        try:
            psycopg.connect(**self.conninfo("admin"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _prepare(self) -> None:
        """Make the cluster if there is none, and the socket's folder; refuse foreign versions."""
        clear_leftovers(self.layout)
        major = major_version(self.binaries)
        if not self.layout.data.exists():
            self._initialise(major)
        self._refuse_other_major(major)
        write_access_rules(self.layout, sorted({own_name(), self.account.name}))
        self._make_socket_dir()
        if self.layout.log.exists() and self.layout.log.stat().st_size > LOG_MAX_BYTES:
            self.layout.log.replace(self.layout.log.with_suffix(".log.1"))

    def _initialise(self, major: int) -> None:
        """Run initdb beside the final place; a half-made cluster never gets its name."""
        fresh = self.layout.root / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        done = subprocess.run(
            [self.binaries / "initdb", *initdb_arguments(fresh, major)],
            capture_output=True,
            text=True,
            check=False,
            **self._surroundings(),
        )
        if done.returncode:
            raise EmbeddedError(f"The database could not be made: {done.stderr.strip()[-1500:]}")
        fresh.rename(self.layout.data)

    def _refuse_other_major(self, major: int) -> None:
        found = (self.layout.data / "PG_VERSION").read_text().strip()
        if found != str(major):
            raise EmbeddedError(
                f"The data in {self.layout.data} was written by PostgreSQL {found}; the programs"
                f" here are version {major}. Set LODESTOCK_PG_BIN to programs of version {found}"
                " and run `lodestock backup`; then move the folder away and run"
                " `lodestock restore` with the new ones."
            )

    def _make_socket_dir(self) -> None:
        """Make the folder, and refuse one that somebody else put there before us."""
        folder = self.layout.socket_dir
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {0, self.account.uid}:
            raise EmbeddedError(
                f"{folder} belongs to another account; remove it, or set LODESTOCK_HOME to a"
                " shorter path without special characters."
            )
        folder.chmod(0o700)
        self.account.give(folder)

    def _launch_until_ready(self) -> None:
        """Launch, again while processes of a killed server still hold its shared memory."""
        deadline = time.monotonic() + ORPHAN_PATIENCE_SECONDS
        while True:
            written = self.layout.log.stat().st_size if self.layout.log.exists() else 0
            self._launch()
            if self._wait_until_ready():
                return
            said = self._log_since(written)
            if STILL_IN_USE not in said or time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL did not start; it said:\n{said[-1500:]}")
            time.sleep(0.2)

    def _launch(self) -> None:
        arguments = ["-D", str(self.layout.data), *server_settings(self.layout, self.wishes)]
        with self.layout.log.open("ab") as log:
            self._child = subprocess.Popen(
                [self.binaries / "postgres", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C at our terminal is ours to handle, in our order.
                start_new_session=True,
                **self._surroundings(),
            )

    def _wait_until_ready(self) -> bool:
        """Wait for the server, through crash recovery if need be; False when it ended."""
        deadline = time.monotonic() + START_PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if is_ready(self.layout) and living_server(self.layout):
                return True
            if self._child is not None and self._child.poll() is not None:
                return False
            time.sleep(0.01)
        raise EmbeddedError(self._not_ready())

    def _not_ready(self) -> str:
        return f"PostgreSQL is not ready after {START_PATIENCE_SECONDS:.0f} s: {self.layout.log}"

    def _stop(self) -> bool:
        pid = living_server(self.layout)
        if pid is None:
            return False
        stop_server(self.layout, pid)
        if self._child is not None:
            self._child.wait(timeout=10)
        return True

    def _surroundings(self) -> dict[str, Any]:
        """Return a clean environment and a folder the account may stand in."""
        return {
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            "cwd": self.layout.root,
            **self.account.process_options(),
        }

    def _log_since(self, offset: int) -> str:
        with self.layout.log.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace")
