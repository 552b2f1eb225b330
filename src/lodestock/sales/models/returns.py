"""What customers give back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.kernel.fields import (
    AmountField,
    EnumField,
    QuantityField,
    StatusField,
    UnitPriceField,
    code_reference,
)
from lodestock.kernel.models import Record
from lodestock.sales.domain.returns import RETURN
from lodestock.sales.types import LineKind, StockStatus


class ReturnOrder(Record):
    """Goods of one customer coming back into ``location`` with ``stock_status``.

    ``unmatched_lines`` counts the lines for which no sale was found: accepted, and flagged.
    """

    number = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="returns"
    )
    walk_in = models.BooleanField(default=False)
    site = models.ForeignKey("organisation.Site", on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey("locations.Location", on_delete=models.PROTECT, related_name="+")
    status = StatusField(RETURN)
    stock_status = EnumField(StockStatus, default=StockStatus.AVAILABLE)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    currency = code_reference("organisation.Currency", "currency")
    total = AmountField(default=0)
    unmatched_lines = models.PositiveIntegerField(default=0)
    occurred_at = models.DateTimeField()
    source = models.CharField(max_length=80, blank=True, default="")
    external_id = models.CharField(max_length=120, blank=True, default="")

    class Meta(Record.Meta):
        ordering = ["-occurred_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="sales_return_known_once",
            )
        ]
        indexes = [
            models.Index(fields=["customer", "-occurred_at"], name="sales_return_customer"),
            models.Index(fields=["-occurred_at", "-id"], name="sales_return_newest"),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnLine(Record):
    """One article given back. ``sales_line`` is the sale it belongs to, where one was found."""

    return_order = models.ForeignKey(
        ReturnOrder, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    line_no = models.PositiveIntegerField()
    sales_line = models.ForeignKey(
        "sales.SalesLine",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="return_lines",
    )
    flag = EnumField(["no_sale_found"], blank=True, default="")
    kind = EnumField(LineKind, default=LineKind.GOODS)
    variant = models.ForeignKey(
        "catalog.Variant", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sku = models.CharField("SKU", max_length=64)
    description = models.CharField(max_length=255, blank=True, default="")
    uom = code_reference("organisation.Uom", "uom")
    quantity = QuantityField()
    base_quantity = QuantityField()
    unit_price = UnitPriceField(default=0)
    amount = AmountField()
    amount_stated = models.BooleanField(default=False)
    lot_id = models.BigIntegerField(null=True, blank=True)
    lot_no = models.CharField("lot number", max_length=80, blank=True, default="")
    serials = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), blank=True
    )
    external_key = models.CharField(max_length=120, blank=True, default="")
    fingerprint = models.CharField(max_length=32, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        ordering = ["return_order_id", "line_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["return_order", "line_no"], name="sales_returnline_numbered"
            ),
            models.UniqueConstraint(
                fields=["return_order", "external_key"],
                condition=~Q(external_key=""),
                name="sales_returnline_known_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind=LineKind.GOODS) | Q(variant__isnull=False),
                name="sales_returnline_goods_have_variant",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, base_quantity__gt=0), name="sales_returnline_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.return_order_id}/{self.line_no}"
