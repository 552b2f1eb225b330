"""``Projection``: what can be rebuilt from facts, or expires. No history, no soft delete."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Projection(models.Model):
    """Balances, read rows, checkpoints, leases, progress, idempotency keys."""

    #: ``"functions"``: the program may only read; our SQL functions write.
    written_by: ClassVar[str] = "program"

    class Meta:
        abstract = True
