"""Purchase orders and their lines."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from lodestock.kernel.fields import (
    AmountField,
    QuantityField,
    StatusField,
    UnitPriceField,
    code_reference,
)
from lodestock.kernel.models import Record
from lodestock.purchasing.domain.lines import LineState, LineStatus
from lodestock.purchasing.domain.orders import PURCHASE_ORDER


class PurchaseOrder(Record):
    """Goods ordered from a supplier, for one of our sites.

    ``total`` is the sum of the lines' amounts. ``revision`` counts the approvals it went through
    anew. Times are what happened in the world, so imported orders lie in the past, and where the
    source does not know a time it stays empty; days are days of the site.
    """

    number = models.CharField(max_length=60, unique=True)
    supplier = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="purchase_orders"
    )
    site = models.ForeignKey(
        "organisation.Site", on_delete=models.PROTECT, related_name="purchase_orders"
    )
    status = StatusField(PURCHASE_ORDER)
    revision = models.PositiveIntegerField(default=0)
    currency = code_reference("organisation.Currency", "currency")
    total = AmountField(default=0)
    terms_days = models.PositiveIntegerField(null=True, blank=True)
    incoterm = models.CharField(max_length=3, blank=True, default="")
    ordered_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField("goods expected on", null=True, blank=True)
    required_on = models.DateField(null=True, blank=True)
    payment_due_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    reason = models.CharField(max_length=255, blank=True, default="")
    negotiation_round = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=80, blank=True, default="")
    external_id = models.CharField(max_length=120, blank=True, default="")

    class Meta(Record.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="purchasing_order_known_once",
            )
        ]
        indexes = [
            models.Index(fields=["status", "-ordered_at"], name="purchasing_order_status"),
            models.Index(fields=["supplier", "-ordered_at"], name="purchasing_order_supplier"),
            models.Index(fields=["ordered_at"], name="purchasing_order_ordered"),
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseLine(Record):
    """One article of an order.

    ``quantity`` and ``unit_price`` are in ``uom``; ``base_quantity``, ``received`` and
    ``cancelled`` in the variant's base unit. ``tolerance`` is the fraction of over-delivery that
    is taken (0.05 = 5 %). ``amount_stated``: the amount is the source's own figure.
    """

    order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    line_no = models.PositiveIntegerField()
    variant = models.ForeignKey(
        "catalog.Variant", on_delete=models.PROTECT, related_name="purchase_lines"
    )
    description = models.CharField(max_length=255, blank=True, default="")
    uom = code_reference("organisation.Uom", "uom")
    quantity = QuantityField()
    base_quantity = QuantityField()
    unit_price = UnitPriceField(default=0)
    amount = AmountField()
    amount_stated = models.BooleanField(default=False)
    received = QuantityField(default=0)
    cancelled = QuantityField(default=0)
    tolerance = models.DecimalField(max_digits=7, decimal_places=6, default=0)
    promised_on = models.DateField(null=True, blank=True)
    required_on = models.DateField(null=True, blank=True)
    received_on = models.DateField("last received on", null=True, blank=True)
    external_key = models.CharField(max_length=120, blank=True, default="")
    fingerprint = models.CharField(max_length=32, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        ordering = ["order_id", "line_no"]
        constraints = [
            models.UniqueConstraint(fields=["order", "line_no"], name="purchasing_line_numbered"),
            models.UniqueConstraint(
                fields=["order", "external_key"],
                condition=~Q(external_key=""),
                name="purchasing_line_known_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, base_quantity__gt=0), name="purchasing_line_positive"
            ),
            models.CheckConstraint(
                condition=Q(received__gte=0, cancelled__gte=0, tolerance__gte=0),
                name="purchasing_line_not_negative",
            ),
            # I8: what came never exceeds what was ordered plus what is tolerated.
            models.CheckConstraint(
                condition=Q(received__lte=F("base_quantity") * (1 + F("tolerance"))),
                name="purchasing_line_within_tolerance",
            ),
            models.CheckConstraint(
                condition=Q(cancelled=0) | Q(cancelled__lte=F("base_quantity") - F("received")),
                name="purchasing_line_cancelled_open",
            ),
        ]
        indexes = [
            # What is on order, by article: only lines that are still open.
            models.Index(
                fields=["variant"],
                condition=Q(base_quantity__gt=F("received") + F("cancelled")),
                name="purchasing_line_open",
            )
        ]

    @property
    def state(self) -> LineState:
        """The figures of this line as the domain reckons with them."""
        return LineState(self.base_quantity, self.received, self.cancelled, self.tolerance)

    @property
    def open_quantity(self) -> Any:
        """Still to come, in base units."""
        return self.state.open

    @property
    def line_status(self) -> LineStatus:
        return self.state.status

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_no}"
