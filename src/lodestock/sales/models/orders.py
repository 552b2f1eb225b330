"""Sales orders and their lines."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from lodestock.kernel.fields import (
    AmountField,
    EnumField,
    QuantityField,
    StatusField,
    UnitPriceField,
    code_reference,
)
from lodestock.kernel.models import Record
from lodestock.sales.domain.lines import LineState, LineStatus
from lodestock.sales.domain.orders import SALES_ORDER
from lodestock.sales.types import LineKind


class SalesOrder(Record):
    """Goods and services a customer ordered, served from ``location`` and everything below it.

    ``total`` is the sum of the lines' amounts. A held order (``on_hold``) keeps what it reserved
    and is neither shipped nor given more. ``walk_in``: the customer is not known by name. An
    imported order whose source does not know when it was placed has no ``ordered_at``.
    """

    number = models.CharField(max_length=60, unique=True)
    customer = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="sales_orders"
    )
    walk_in = models.BooleanField(default=False)
    site = models.ForeignKey(
        "organisation.Site", on_delete=models.PROTECT, related_name="sales_orders"
    )
    location = models.ForeignKey("locations.Location", on_delete=models.PROTECT, related_name="+")
    status = StatusField(SALES_ORDER)
    on_hold = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=255, blank=True, default="")
    currency = code_reference("organisation.Currency", "currency")
    total = AmountField(default=0)
    ordered_at = models.DateTimeField(null=True, blank=True)
    required_on = models.DateField(null=True, blank=True)
    fulfilled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=255, blank=True, default="")
    note = models.TextField(blank=True, default="")
    source = models.CharField(max_length=80, blank=True, default="")
    external_id = models.CharField(max_length=120, blank=True, default="")

    class Meta(Record.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="sales_order_known_once",
            ),
            models.CheckConstraint(
                condition=Q(on_hold=False) | ~Q(hold_reason=""), name="sales_order_hold_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status="CANCELLED") | ~Q(cancel_reason=""),
                name="sales_order_cancel_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-ordered_at"], name="sales_order_status"),
            models.Index(fields=["customer", "-ordered_at"], name="sales_order_customer"),
            models.Index(fields=["ordered_at"], name="sales_order_ordered"),
        ]

    def __str__(self) -> str:
        return self.number


class SalesLine(Record):
    """One article of an order.

    ``quantity`` and ``unit_price`` are in ``uom``; ``base_quantity``, ``shipped``, ``cancelled``
    and ``returned`` in the variant's base unit. Services and financial lines never move stock.
    """

    order = models.ForeignKey(
        SalesOrder, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    line_no = models.PositiveIntegerField()
    kind = EnumField(LineKind, default=LineKind.GOODS)
    variant = models.ForeignKey(
        "catalog.Variant",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sales_lines",
    )
    sku = models.CharField("SKU", max_length=64)
    description = models.CharField(max_length=255, blank=True, default="")
    uom = code_reference("organisation.Uom", "uom")
    quantity = QuantityField()
    base_quantity = QuantityField()
    unit_price = UnitPriceField(default=0)
    amount = AmountField()
    amount_stated = models.BooleanField(default=False)
    shipped = QuantityField(default=0)
    cancelled = QuantityField(default=0)
    returned = QuantityField(default=0)
    required_on = models.DateField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True)
    shipped_at = models.DateTimeField("last shipped at", null=True, blank=True)
    external_key = models.CharField(max_length=120, blank=True, default="")
    fingerprint = models.CharField(max_length=32, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        ordering = ["order_id", "line_no"]
        constraints = [
            models.UniqueConstraint(fields=["order", "line_no"], name="sales_line_numbered"),
            models.UniqueConstraint(
                fields=["order", "external_key"],
                condition=~Q(external_key=""),
                name="sales_line_known_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=LineKind.FINANCIAL) | Q(unit_price__gte=0),
                name="sales_line_price_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(kind=LineKind.GOODS) | Q(variant__isnull=False),
                name="sales_line_goods_have_variant",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, base_quantity__gt=0), name="sales_line_positive"
            ),
            # I8: ordered ≥ shipped + cancelled, shipped ≥ returned, none negative.
            models.CheckConstraint(
                condition=Q(
                    shipped__gte=0,
                    cancelled__gte=0,
                    returned__gte=0,
                    returned__lte=F("shipped"),
                    base_quantity__gte=F("shipped") + F("cancelled"),
                ),
                name="sales_line_adds_up",
            ),
        ]
        indexes = [
            # Where a returned article was sold.
            models.Index(fields=["sku", "order"], name="sales_line_article"),
        ]

    @property
    def state(self) -> LineState:
        """The figures of this line as the domain reckons with them."""
        return LineState(self.base_quantity, self.shipped, self.cancelled, self.returned)

    @property
    def open_quantity(self) -> Any:
        """Still owed, in base units."""
        return self.state.open

    @property
    def line_status(self) -> LineStatus:
        return self.state.status

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_no}"
