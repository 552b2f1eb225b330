"""Receipts: what was counted when a delivery came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.kernel.fields import EnumField, QuantityField, StatusField, code_reference
from lodestock.kernel.models import Record
from lodestock.purchasing.domain.receipts import RECEIPT_LINE
from lodestock.purchasing.types import Condition

from .orders import PurchaseOrder


class Receipt(Record):
    """One delivery on one order, counted at ``location``.

    A ``direct`` receipt records that goods reached the customer straight from the supplier; it has
    a shipment and no location, because they never touched our stock. In the stock ledger the
    posting refers to the order, with the step ``receive:`` and this number.
    """

    number = models.CharField(max_length=60, unique=True)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="receipts")
    direct = models.BooleanField(default=False)
    location = models.ForeignKey(
        "locations.Location", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    shipment = models.ForeignKey(
        "shipping.Shipment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    occurred_at = models.DateTimeField()
    received_on = models.DateField()
    delivery_note = models.CharField(max_length=80, blank=True, default="")
    source = models.CharField(max_length=80, blank=True, default="")
    external_id = models.CharField(max_length=120, blank=True, default="")
    fingerprint = models.CharField(max_length=32, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        ordering = ["-occurred_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="purchasing_receipt_known_once",
            ),
            models.CheckConstraint(
                condition=Q(direct=True, location__isnull=True)
                | Q(direct=False, location__isnull=False),
                name="purchasing_receipt_place",
            ),
        ]
        indexes = [
            models.Index(fields=["-occurred_at", "-id"], name="purchasing_receipt_newest"),
        ]

    def __str__(self) -> str:
        return self.number


class ReceiptLine(Record):
    """Counted goods of one order line; ``base_quantity`` in the variant's base unit."""

    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    line_no = models.PositiveIntegerField()
    purchase_line = models.ForeignKey(
        "purchasing.PurchaseLine", on_delete=models.PROTECT, related_name="receipt_lines"
    )
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    status = StatusField(RECEIPT_LINE)
    judgement = EnumField(["accepted", "over", "damaged"], default="accepted")
    condition = EnumField(Condition, default=Condition.GOOD)
    uom = code_reference("organisation.Uom", "uom")
    quantity = QuantityField()
    base_quantity = QuantityField()
    lot_id = models.BigIntegerField(null=True, blank=True)
    lot_no = models.CharField("lot number", max_length=80, blank=True, default="")
    expires_on = models.DateField(null=True, blank=True)
    serials = models.JSONField(default=list, blank=True)
    stored_location = models.ForeignKey(
        "locations.Location", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Record.Meta):
        ordering = ["receipt_id", "line_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "line_no"], name="purchasing_receiptline_numbered"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, base_quantity__gt=0),
                name="purchasing_receiptline_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}/{self.line_no}"
