"""How the embedded server is set up: its settings, and who may connect as whom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lodestock.config.database import APP, EMBEDDED_DATABASE, OWNER, READ
from lodestock.config.embedded.layout import DEFAULT_PORT, Layout

SUPERUSER = "postgres"
MAP_NAME = "lodestock"


@dataclass(frozen=True)
class Wishes:
    """What the starter asks of the server. `tcp_port` 0 means: no TCP at all."""

    durable: bool = True
    tcp_port: int = 0
    stat_statements: bool = True


def server_settings(layout: Layout, wishes: Wishes) -> list[str]:
    """Return the arguments of `postgres`; given at every start, so that new releases apply."""
    settings = {
        "listen_addresses": "127.0.0.1" if wishes.tcp_port else "",
        "port": str(wishes.tcp_port or DEFAULT_PORT),
        "unix_socket_directories": str(layout.socket_dir),
        "unix_socket_permissions": "0700",
        "shared_buffers": "96MB",
        "max_connections": "80",
        "max_wal_size": "1GB",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "password_encryption": "scram-sha-256",
    }
    if wishes.stat_statements:
        settings["shared_preload_libraries"] = "pg_stat_statements"
    if not wishes.durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def initdb_arguments(data: Path, major: int) -> list[str]:
    """Return the arguments that make a cluster which sorts alike on every machine."""
    # The builtin provider needs no locale of the operating system; it came with version 17.
    provider = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if major >= 17
        else ["--locale=C.UTF-8"]
    )
    return [
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--auth-local=peer",
        "--auth-host=scram-sha-256",
        "--no-instructions",
        *provider,
    ]


def write_access_rules(layout: Layout, system_users: list[str]) -> None:
    """Say who may connect: these accounts over the socket, passwords over TCP, nobody else."""
    rules = [
        f"local all all peer map={MAP_NAME}",
        f"host {EMBEDDED_DATABASE} {APP},{READ} 127.0.0.1/32 scram-sha-256",
    ]
    names = [
        f'{MAP_NAME} "{user}" {role}'
        for user in system_users
        for role in (SUPERUSER, OWNER, APP, READ)
    ]
    for name, lines in (("pg_hba.conf", rules), ("pg_ident.conf", names)):
        (layout.data / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
