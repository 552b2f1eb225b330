"""The parent of a small installation's processes: `lodestock up`, once all is prepared.

It becomes a program of its own because it has nothing to do but wait: without Django and the rooms
it takes a third of the memory.
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

from lodestock.config.cli import use_embedded_server
from lodestock.config.env import read_env
from lodestock.config.running.children import children
from lodestock.config.running.ports import free_port
from lodestock.config.running.supervisor import Hopeless, Supervisor

EVERYWHERE = {"127.0.0.1", "0.0.0.0", "::"}  # noqa: S104 - only compared with


def main() -> int:
    """Run everything until somebody says stop; returns the exit status."""
    options = _options()
    environment = read_env(os.environ)
    if environment.embedded:
        use_embedded_server()
    port = free_port(options.host, options.port)
    if port != options.port:
        say(f"Port {options.port} is taken; using {port}.")
    logs = environment.home / "logs"
    supervisor = Supervisor(children(options.host, port, logs, reload=options.reload), say)
    try:
        supervisor.run(
            on_ready=lambda: announce(options.host, port, environment.home, options.admin),
            is_ready=lambda: answers(options.host, port),
        )
    except Hopeless as error:
        say(f"lodestock: {error}")
        return 1
    say("\nStopped; everything this command started has ended.")
    return 0


def answers(host: str, port: int) -> bool:
    """Whether the web process serves already; any answer will do, also "not under this name"."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - only compared
    try:
        with urllib.request.urlopen(f"http://{name}:{port}/healthz", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, http.client.HTTPException):
        return False


def announce(host: str, port: int, home: Path, admin: str) -> None:
    """Say where the site is and how to get in."""
    base = f"http://{'localhost' if host in EVERYWHERE else host}:{port}"
    say(f"\n  Lodestock is at        {base}/")
    say(f"  Back office            {base}/admin/")
    say(f"  API and documentation  {base}/api/docs")
    kept = home / "secrets" / f"login-{admin}"
    if admin and kept.exists():
        say(f"  Log in as              {admin}  (password: {kept.read_text().strip()})")
    say(f"  Logs                   {home / 'logs'}")
    say("\n  Ctrl-C stops everything.")


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="lodestock up")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--admin", default="")
    parser.add_argument("--reload", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
