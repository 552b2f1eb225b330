"""Django's migrate, with the database roles before it and their rights after it."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from lodestock.config.migrating import without_needless_rendering
from lodestock.config.roles import ensure_roles, grant_bookkeeping
from lodestock.kernel.roles import apply_grants


class Command(DjangoMigrate):
    """Migrate as the owner, then give the program's role exactly the rights it needs."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        dry = options["plan"] or options["check_unapplied"]
        if not dry and not ensure_roles(connection):
            self.stderr.write(
                "This server's login may not create roles: the program will run as the owner and"
                " the ledger is guarded by triggers only. `lodestock doctor` says what to ask for."
            )
        with without_needless_rendering():
            super().handle(*args, **options)
        if not dry:
            apply_grants(connection)
            grant_bookkeeping(connection)
