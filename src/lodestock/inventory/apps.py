from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class InventoryConfig(AppConfig):
    name = "lodestock.inventory"
    label = "inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_grant, sender=self)


def _grant(*, using: str, **_: Any) -> None:
    from .grants import apply_grants

    apply_grants(connections[using])
