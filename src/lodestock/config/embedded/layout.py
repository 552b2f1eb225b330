"""Where the embedded server keeps its files, as one value that every process derives alike."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 5432
# `sun_path` of sockaddr_un is 108 bytes with its closing zero on Linux, 104 on macOS.
SOCKET_PATH_MAX_BYTES = 103
LONGEST_SOCKET_NAME = "/.s.PGSQL.65535"
# libpq splits a host at commas and the server splits its directory list at spaces and commas.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.+-]+")
PID_FILE_PORT_LINE = 3


@dataclass(frozen=True)
class Layout:
    """The folders of one embedded server. `root` may be the target of a link in LODESTOCK_HOME."""

    root: Path

    @classmethod
    def of(cls, home: Path) -> Layout:
        """Return the layout below LODESTOCK_HOME, following the link that root's server needs."""
        return cls((home / "postgres").resolve())

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def start_lock(self) -> Path:
        """Held while somebody starts or stops the server."""
        return self.root / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by every process that uses the server; the last one out stops it."""
        return self.root / "users.lock"

    @property
    def socket_dir(self) -> Path:
        """Return a folder whose socket path is short and plain enough for every client."""
        beside = str(self.root / "run")
        if fits_socket(beside):
            return Path(beside)
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(f"/tmp/lodestock-{digest}")  # noqa: S108 - owner and mode are checked

    @property
    def port(self) -> int:
        """Return the number in the running server's socket name (5432 unless TCP was asked)."""
        try:
            return int(self.pid_file.read_text().splitlines()[PID_FILE_PORT_LINE])
        except (OSError, IndexError, ValueError):
            return DEFAULT_PORT


def fits_socket(folder: str) -> bool:
    """Whether a socket below `folder` can be named by server and clients alike."""
    short = len(os.fsencode(folder + LONGEST_SOCKET_NAME)) <= SOCKET_PATH_MAX_BYTES
    return short and PLAIN_PATH.fullmatch(folder) is not None
