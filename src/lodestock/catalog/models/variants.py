"""Variants: the stocked thing. Ledger rows, order lines and labels all point here."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from lodestock.catalog.fields import AttributesField
from lodestock.catalog.types import HAZARD_CLASSES, AbcClass, TemperatureBand, Tracking
from lodestock.kernel.fields import EnumField, QuantityField, UnitPriceField
from lodestock.kernel.models import Record


class Variant(Record):
    """One stock-keeping unit: own SKU, own GTIN, own cost, own stock.

    ``option_key`` names the combination of option values (``colour=red|size=M``; empty when the
    product has no options). ``gtin`` holds all 14 digits, so that no number exists twice in two
    lengths. ``attributes`` takes any property without a migration and is indexed.
    """

    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, related_name="variants"
    )
    option_key = models.CharField(max_length=255, blank=True, default="")
    sku = models.CharField("SKU", max_length=64, unique=True)
    gtin = models.CharField("GTIN", max_length=14, unique=True, null=True, blank=True)
    name = models.CharField(max_length=255)
    attributes = AttributesField(default=dict, blank=True)
    tracking = EnumField(Tracking, default=Tracking.NONE)
    shelf_life_days = models.PositiveIntegerField(null=True, blank=True)
    abc = EnumField(AbcClass, blank=True, default="")
    temperature_band = EnumField(TemperatureBand, blank=True, default="")
    hazard_class = EnumField(HAZARD_CLASSES, blank=True, default="")
    weight_kg = QuantityField(null=True, blank=True)
    length_mm = QuantityField(null=True, blank=True)
    width_mm = QuantityField(null=True, blank=True)
    height_mm = QuantityField(null=True, blank=True)
    catch_weight = models.BooleanField(default=False)
    standard_cost = UnitPriceField(null=True, blank=True)
    currency = models.ForeignKey(
        "organisation.Currency", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Record.Meta):
        ordering = ["sku"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "option_key"], name="catalog_variant_combination"
            ),
            # The balance copies the tracking policy and holds it equal by a composite key.
            models.UniqueConstraint(fields=["id", "tracking"], name="catalog_variant_id_tracking"),
            models.CheckConstraint(
                condition=Q(gtin__isnull=True) | Q(gtin__regex=r"^[0-9]{14}$"),
                name="catalog_variant_gtin_digits",
            ),
            models.CheckConstraint(
                condition=Q(standard_cost__isnull=True)
                | Q(standard_cost__gte=0, currency__isnull=False),
                name="catalog_variant_cost_in_currency",
            ),
            models.CheckConstraint(
                condition=Q(shelf_life_days__isnull=True) | Q(shelf_life_days__gt=0),
                name="catalog_variant_shelf_life",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": 0}),
                    name=f"catalog_variant_{field}",
                )
                for field in ("weight_kg", "length_mm", "width_mm", "height_mm")
            ),
        ]
        indexes = [
            GinIndex(
                fields=["attributes"],
                opclasses=["jsonb_path_ops"],
                name="catalog_variant_attributes",
                # Read far more often than written: no pending list that a filter has to scan.
                fastupdate=False,
            )
        ]

    def __str__(self) -> str:
        return self.sku
