"""Under which account the server runs: PostgreSQL refuses to be root."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lodestock.config.embedded.errors import EmbeddedError
from lodestock.config.embedded.locks import exclusive

ACCOUNT_NAME = "lodestock"
LAST_RESORT = "nobody"
SHARED_ROOT = Path("/var/lib/lodestock")
OTHERS_MAY_ENTER = 0o001


@dataclass(frozen=True)
class Account:
    """The operating system account of the server process."""

    name: str
    uid: int
    gid: int
    borrowed: bool

    def process_options(self) -> dict[str, Any]:
        """Return what subprocess needs to run as this account."""
        if not self.borrowed:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make a file or folder the server's own."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """Return our own account, or, as root, an unprivileged one (made if need be).

    Raises EmbeddedError where the account we run under has no name.
    """
    if os.getuid() == 0:
        return _account(_unprivileged(), borrowed=True)
    try:
        return _account(pwd.getpwuid(os.getuid()), borrowed=False)
    except KeyError:
        raise EmbeddedError(
            f"This process runs as user number {os.getuid()}, which has no name on this machine;"
            " PostgreSQL does not start under it. Give the number an entry in /etc/passwd, or set"
            " DATABASE_URL to a PostgreSQL server."
        ) from None


def own_name() -> str:
    """Return the name by which the server knows the peer on our end of the socket."""
    return pwd.getpwuid(os.getuid()).pw_name


def server_root(home: Path, account: Account) -> Path:
    """Make the server's folder and return it.

    It lies in LODESTOCK_HOME where the server's account can reach it. Root's own home is closed to
    everybody else: there, LODESTOCK_HOME/postgres is a link to a folder in /var/lib/lodestock.
    """
    link = home / "postgres"
    if not (link.exists() or link.is_symlink()):
        if not account.borrowed or _open_to_others(home):
            link.mkdir(mode=0o700)
        else:
            SHARED_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
            target = SHARED_ROOT / secrets.token_hex(4)
            target.mkdir(mode=0o700)
            link.symlink_to(target)
    root = link.resolve()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    account.give(root)
    return root


def reachable(path: Path) -> bool:
    """Whether an account that owns nothing here can enter every folder above `path`."""
    return all(parent.stat().st_mode & OTHERS_MAY_ENTER for parent in path.resolve().parents)


def _open_to_others(home: Path) -> bool:
    """Let the server's account pass through the home (not list it), if it can get that far."""
    if not reachable(home):
        return False
    home.chmod(home.stat().st_mode | OTHERS_MAY_ENTER)
    return True


def _account(entry: pwd.struct_passwd, *, borrowed: bool) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, borrowed)


def _unprivileged() -> pwd.struct_passwd:
    for attempt in (_find, _create, lambda: pwd.getpwnam(LAST_RESORT)):
        try:
            return attempt()
        except KeyError:
            continue
    raise EmbeddedError(
        "PostgreSQL does not run as root and no other account could be found or made."
        f" Cure: useradd --system {ACCOUNT_NAME}, or run as another user, or set DATABASE_URL."
    )


def _find() -> pwd.struct_passwd:
    return pwd.getpwnam(ACCOUNT_NAME)


def _create() -> pwd.struct_passwd:
    """Make the system account, one process at a time.

    Two at once have been seen to leave a number that was gone a moment later: useradd reads the
    files, and another useradd replaces them.
    """
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    command = [program or "useradd", "--system", "--no-create-home"]
    command += ["--shell", "/usr/sbin/nologin", ACCOUNT_NAME]
    SHARED_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
    with exclusive(SHARED_ROOT / "account.lock"):
        try:
            return _find()
        except KeyError:
            if program:
                subprocess.run(command, capture_output=True, check=False)
        return _find()
