"""Locations: where goods are, from the whole site down to the bin."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.catalog.types import TemperatureBand
from lodestock.kernel.fields import EnumField, QuantityField, StatusField
from lodestock.kernel.models import Record
from lodestock.locations.models.triggers import location_triggers
from lodestock.locations.states import MACHINE
from lodestock.locations.types import LocationKind, LocationType, VirtualKind


class Location(Record):
    """A place in the tree. ``path`` (``WH1/Z2/A03/R07/B2``) is written by the database.

    ``virtual_kind`` is empty for places one can walk to; a virtual location without a site serves
    the whole network. ``holds_stock`` is false for places that only give structure. ``x`` and
    ``y`` are metres on the floor plan, ``level`` counts from the floor (0).
    """

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    site = models.ForeignKey(
        "organisation.Site",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="locations",
    )
    department = models.ForeignKey(
        "organisation.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="locations",
    )
    kind = EnumField(LocationKind)
    virtual_kind = EnumField(VirtualKind, blank=True, default="", db_default="")
    type = EnumField(LocationType, blank=True, default="", db_default="")
    code = models.CharField(max_length=40)
    # Collation C: prefix searches use the unique index whatever the database's language.
    path = models.CharField(
        max_length=1000, unique=True, editable=False, db_collation="C", db_default=""
    )
    name = models.CharField(max_length=160, blank=True)
    status = StatusField(MACHINE)
    holds_stock = models.BooleanField(default=True)
    gln = models.CharField("GLN", max_length=13, unique=True, null=True, blank=True)
    x = QuantityField(null=True, blank=True)
    y = QuantityField(null=True, blank=True)
    level = models.SmallIntegerField(null=True, blank=True)
    max_weight_kg = QuantityField(null=True, blank=True)
    max_volume_m3 = QuantityField(null=True, blank=True)
    temperature_band = EnumField(TemperatureBand, blank=True, default="")
    mixed_item = models.BooleanField(default=True)
    mixed_lot = models.BooleanField(default=True)
    pick_sequence = models.PositiveIntegerField(null=True, blank=True)

    class Meta(Record.Meta):
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="virtual") & ~Q(virtual_kind="")
                | ~Q(kind="virtual") & Q(virtual_kind="", site__isnull=False),
                name="locations_location_sort",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
                name="locations_location_code",
            ),
            models.CheckConstraint(
                condition=Q(gln__isnull=True) | Q(gln__regex=r"^[0-9]{13}$"),
                name="locations_location_gln_digits",
            ),
            models.CheckConstraint(
                condition=(Q(max_weight_kg__isnull=True) | Q(max_weight_kg__gt=0))
                & (Q(max_volume_m3__isnull=True) | Q(max_volume_m3__gt=0)),
                name="locations_location_limits",
            ),
            models.UniqueConstraint(
                fields=["virtual_kind", "site"],
                condition=Q(kind="virtual", active=True),
                nulls_distinct=False,
                name="locations_location_one_virtual",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "kind"], name="locations_by_site_and_kind"),
            models.Index(fields=["code"], name="locations_by_code"),
        ]
        triggers = [*Record.Meta.triggers, *location_triggers()]

    @property
    def is_virtual(self) -> bool:
        """Not a place one can walk to."""
        return self.kind == LocationKind.VIRTUAL

    @property
    def depth(self) -> int:
        """Number of places above this one."""
        return self.path.count("/")

    def __str__(self) -> str:
        return self.path or self.code
