"""Categories: one tree of any depth."""

from __future__ import annotations

from django.db import models

from lodestock.kernel.models import Record
from lodestock.kernel.models.tree import tree_triggers


class Category(Record):
    """A shelf in the catalogue's tree. The database refuses a category below itself."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        verbose_name_plural = "categories"
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                nulls_distinct=False,
                name="catalog_category_name_in_parent",
            )
        ]
        triggers = [*Record.Meta.triggers, *tree_triggers()]

    def __str__(self) -> str:
        return self.name
