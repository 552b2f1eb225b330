"""Which grants the program has made of its own."""

from __future__ import annotations

from django.db import models

from lodestock.kernel.models import Projection


class SeededGrant(Projection):
    """A permission that a role was given by the program; not given again once taken away."""

    role = models.CharField(max_length=150)
    permission = models.CharField(max_length=200)

    class Meta(Projection.Meta):
        constraints = [
            models.UniqueConstraint(fields=["role", "permission"], name="seeded_grant_once")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission}"
