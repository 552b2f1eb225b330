"""How much memory the processes of an installation take together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lodestock.config.embedded.layout import Layout
from lodestock.config.embedded.process import living_server

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Share:
    """One process, in MiB.

    ``resident`` counts a page in full for every process that has touched it. ``proportional``
    shares it out: a page of PostgreSQL's buffers that eight backends have mapped counts an eighth
    for each. Only the second adds up to what the machine has to hold.
    """

    command: str
    resident: float
    proportional: float


def shares(pids: Iterable[int]) -> list[Share]:
    """What each living process takes, the largest first. Needs the right to read their maps."""
    found = [share for pid in pids if (share := _share(pid)) is not None]
    return sorted(found, key=lambda share: -share.proportional)


def with_descendants(pids: Iterable[int]) -> set[int]:
    """These processes and all that were started by them, however far down."""
    parents = {pid: parent for pid in _all() if (parent := _parent(pid)) is not None}
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def database_processes(home: Path) -> set[int]:
    """The embedded server of a home, its writers and its backends."""
    server = living_server(Layout.of(home))
    return with_descendants([server]) if server else set()


def _all() -> list[int]:
    return [int(folder.name) for folder in PROC.iterdir() if folder.name.isdigit()]


def _parent(pid: int) -> int | None:
    try:
        return int((PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return None


def _share(pid: int) -> Share | None:
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text()
        command = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return None
    sizes = dict(line.split(":", 1) for line in text.splitlines()[1:])
    resident, proportional = (int(sizes[name].split()[0]) / 1024 for name in ("Rss", "Pss"))
    return Share(command.strip(), resident, proportional)
