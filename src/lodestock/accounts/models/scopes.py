"""Where somebody may work."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from lodestock.kernel.models import Record


class ScopeGrant(Record):
    """A user may work in one department, warehouse, partner …

    ``kind`` and ``object_id`` are opaque here: accounts lies below the rooms that own such things.
    Those rooms register the kind as a scope (see ``accounts.services.register_scope``).
    """

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="scopes")
    kind = models.CharField(max_length=40, validators=[RegexValidator(r"^[a-z_]+$")])
    object_id = models.BigIntegerField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "object_id"],
                condition=Q(active=True),
                name="scope_granted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
