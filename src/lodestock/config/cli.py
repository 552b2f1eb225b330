"""The `lodestock` command: our own words, and every Django management command besides.

Before Django reads its settings this module decides what they depend on: which settings module,
which database role, and whether to start the embedded server. Nobody else decides these.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lodestock.config.embedded.errors import EmbeddedError
from lodestock.config.embedded.server import EmbeddedServer
from lodestock.config.env import BadSetting, read_env
from lodestock.config.home import HomeUnusable, ensure_home
from lodestock.config.roles import settle_role
from lodestock.config.secrets import SecretUnusable, load_secrets

DEFAULT_SETTINGS = "lodestock.config.settings.dev"
# These change the schema, so they speak to the database as its owner.
OWNER_COMMANDS = frozenset(
    {"migrate", "makemigrations", "sqlmigrate", "squashmigrations", "pgtrigger"}
)
# These neither need a database nor should they start one.
WITHOUT_DATABASE = frozenset(
    {
        "",
        "check",
        "collectstatic",
        "diffsettings",
        "draft_contract",
        "findstatic",
        "help",
        "licences",
        "makemessages",
        "rotate_secret",
        "spectacular",
        "version",
    }
)
# These look at a database that may be down, and say so themselves.
LOOKING_ONLY = frozenset({"doctor", "wait"})
# A person reads the terminal of these; what the program notes for itself goes into a file.
FOR_PEOPLE = frozenset({"demo", "run", "up"})
HELP_WORDS = frozenset({"--help", "-h", "--version"})
EXPLAINED = (BadSetting, HomeUnusable, SecretUnusable, EmbeddedError)
COULD_NOT_START = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        prepare_process(arguments)
        from django.core.management import execute_from_command_line

        execute_from_command_line(["lodestock", *arguments])
    except EXPLAINED as error:
        print(f"lodestock: {error}", file=sys.stderr)  # noqa: T201 - nothing else is set up yet
        return COULD_NOT_START
    except KeyboardInterrupt:
        return 130
    return 0


def prepare_process(arguments: Sequence[str] = ("serve",)) -> None:
    """Choose settings and database role, and bring up the database if this command needs it.

    Also called by asgi.py and wsgi.py, for servers that were started without our command.
    Raises BadSetting, HomeUnusable, SecretUnusable or EmbeddedError, each with its cure.
    """
    command = arguments[0] if arguments else ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", DEFAULT_SETTINGS)
    os.environ.setdefault("LODESTOCK_DB_ROLE", "owner" if command in OWNER_COMMANDS else "app")
    if command in LOOKING_ONLY:
        # A pool keeps trying in the background; these want the answer of one attempt.
        os.environ["LODESTOCK_DB_POOL_MAX"] = "0"
    environment = read_env(os.environ)
    load_secrets(ensure_home(environment.home))
    if command in FOR_PEOPLE:
        os.environ.setdefault("LODESTOCK_LOG_FILE", str(_log_file(environment.home)))
    (environment.home / "static").mkdir(exist_ok=True)
    if command in WITHOUT_DATABASE | LOOKING_ONLY or HELP_WORDS.intersection(arguments):
        return
    if environment.embedded:
        use_embedded_server()
    elif not settle_role(environment):
        os.environ["LODESTOCK_DB_SINGLE_ROLE"] = "1"


def _log_file(home: Path) -> Path:
    logs = home / "logs"
    logs.mkdir(mode=0o700, exist_ok=True)
    return logs / "commands.log"


def use_embedded_server() -> EmbeddedServer:
    """Start or join the embedded server, and leave it when this process ends."""
    environment = read_env(os.environ)
    server = EmbeddedServer.at(
        environment.home,
        tcp_port=environment.embedded_port,
        binaries=environment.embedded_binaries,
    )
    server.start()
    atexit.register(server.leave)
    if environment.embedded_port:
        server.allow_tcp(load_secrets(environment.home)["database"][0])
    return server


if __name__ == "__main__":
    sys.exit(main())
