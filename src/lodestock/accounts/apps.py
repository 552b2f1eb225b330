from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "lodestock.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lodestock.kernel.principals import use_directory

        from .principals import AccountDirectory
        from .tokens import use_rotating_keys

        use_directory(AccountDirectory())
        use_rotating_keys()
        post_migrate.connect(_sync_roles, dispatch_uid="accounts.roles")


def _sync_roles(sender: Any, plan: Any = None, **kwargs: Any) -> None:
    """After migrate, for each of our rooms; not when migrating back to nothing."""
    from django.db import connections

    if not sender.name.startswith("lodestock.") or kwargs.get("using") != "default":
        return
    from .models import SeededGrant
    from .roles import sync_room

    if SeededGrant._meta.db_table in connections["default"].introspection.table_names():
        sync_room(sender)
