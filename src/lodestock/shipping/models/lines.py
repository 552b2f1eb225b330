"""What is on a shipment."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.kernel.fields import AmountField, EnumField, QuantityField
from lodestock.kernel.models import Record
from lodestock.shipping.types import Meaning


class ShipmentLine(Record):
    """One kind of goods on a shipment; ``quantity`` in the variant's base unit.

    ``weight_kg``, ``freight_cost`` and ``insurance_cost`` are what the source states for this
    line. Where it points to another line, ``…_see_key`` keeps its words and ``…_line`` is that
    line once it is known. A missing figure says why in its ``…_meaning``; it is never zero.
    """

    shipment = models.ForeignKey(
        "shipping.Shipment", on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    line_no = models.PositiveIntegerField()
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    lot_id = models.BigIntegerField(null=True, blank=True)
    quantity = QuantityField()
    cause_line = models.CharField(max_length=80, blank=True, default="")
    source = models.CharField(max_length=80, blank=True, default="")
    external_key = models.CharField(max_length=120, blank=True, default="")
    weight_kg = QuantityField(null=True, blank=True)
    weight_meaning = EnumField(Meaning, default=Meaning.NOT_STATED)
    weight_see_key = models.CharField(max_length=120, blank=True, default="")
    weight_line = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    freight_cost = AmountField(null=True, blank=True)
    freight_meaning = EnumField(Meaning, default=Meaning.NOT_STATED)
    freight_see_key = models.CharField(max_length=120, blank=True, default="")
    freight_line = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    insurance_cost = AmountField(null=True, blank=True)
    insurance_meaning = EnumField(Meaning, default=Meaning.NOT_STATED)

    class Meta(Record.Meta):
        ordering = ["shipment_id", "line_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "line_no"], name="shipping_shipmentline_numbered"
            ),
            models.UniqueConstraint(
                fields=["shipment", "external_key"],
                condition=~Q(external_key=""),
                name="shipping_shipmentline_known_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="shipping_shipmentline_positive"
            ),
        ]
        indexes = [
            # Pointers ("see line 1281") are resolved through the key a line has in its source.
            models.Index(
                fields=["source", "external_key"],
                condition=~Q(external_key=""),
                name="shipping_shipmentline_by_key",
            ),
            models.Index(
                fields=["source"],
                condition=Q(weight_meaning=Meaning.SEE_OTHER_LINE)
                | Q(freight_meaning=Meaning.SEE_OTHER_LINE),
                name="shipping_shipmentline_pointers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}/{self.line_no}"
