"""Products: what is bought, made or sold. Never stocked themselves; their variants are."""

from __future__ import annotations

import pgtrigger
from django.db import models

from lodestock.catalog.types import ProductKind
from lodestock.kernel.fields import EnumField
from lodestock.kernel.models import Record


class Product(Record):
    """An abstract item. Without ``options`` it has exactly one variant.

    ``options`` is ``[{"name": "colour", "values": ["red", "blue"]}, …]``; every combination of
    values is one variant. ``base_uom``, in which all stock is counted, never changes.
    """

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    kind = EnumField(ProductKind, default=ProductKind.PRODUCT)
    category = models.ForeignKey(
        "catalog.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    base_uom = models.ForeignKey("organisation.Uom", on_delete=models.PROTECT, related_name="+")
    options = models.JSONField(default=list, blank=True)
    description = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["code"]
        indexes = [
            models.Index(fields=["kind"], name="catalog_product_kind"),
        ]
        triggers = [
            *Record.Meta.triggers,
            pgtrigger.Trigger(
                name="keep_base_uom",
                operation=pgtrigger.UpdateOf("base_uom_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__base_uom_id__df=pgtrigger.F("new__base_uom_id")),
                func=(
                    "RAISE EXCEPTION 'the base unit of product % is fixed', OLD.code"
                    " USING ERRCODE = 'check_violation',"
                    " CONSTRAINT = 'catalog_product_base_uom_fixed';"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
