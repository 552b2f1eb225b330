"""Which documents may somebody see?"""

from __future__ import annotations

from django.db import models

from lodestock.kernel.principals import Principal, limit_to_scope
from lodestock.locations.selectors import limit_to_warehouses
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder, Receipt, ReceiptLine


def purchase_orders(principal: Principal) -> models.QuerySet[PurchaseOrder]:
    """Which purchase orders may this principal see? Those for a site of their warehouses."""
    rows = limit_to_scope(PurchaseOrder.objects.all(), principal, {"partner": "supplier_id"})
    return limit_to_warehouses(rows, principal, site="site_id")


def purchase_lines(principal: Principal) -> models.QuerySet[PurchaseLine]:
    """Which lines of purchase orders may this principal see?"""
    visible = purchase_orders(principal).order_by().values("pk")
    lines = PurchaseLine.objects.filter(order__in=visible)
    return lines.select_related("variant")


def receipts(principal: Principal) -> models.QuerySet[Receipt]:
    """Which receipts may this principal see? Direct ones follow the site of their order."""
    scope = {"partner": "order__supplier_id", "department": "location__department_id"}
    rows = limit_to_scope(Receipt.objects.all(), principal, scope)
    return limit_to_warehouses(rows, principal, "location_id", site="order__site_id")


def receipt_lines(principal: Principal) -> models.QuerySet[ReceiptLine]:
    """Which lines of receipts may this principal see?"""
    visible = receipts(principal).order_by().values("pk")
    lines = ReceiptLine.objects.filter(receipt__in=visible)
    return lines.select_related("variant")
