"""What may be asked about purchasing."""

from .documents import purchase_lines, purchase_orders, receipt_lines, receipts
from .on_order import on_order, on_order_by_variant
from .performance import SupplierPerformance, supplier_performance
from .summary import PurchaseSummary, purchase_summary

__all__ = [
    "PurchaseSummary",
    "SupplierPerformance",
    "on_order",
    "on_order_by_variant",
    "purchase_lines",
    "purchase_orders",
    "purchase_summary",
    "receipt_lines",
    "receipts",
    "supplier_performance",
]
