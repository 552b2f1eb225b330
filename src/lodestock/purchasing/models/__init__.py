"""Purchase orders and what arrived on them."""

from .orders import PurchaseLine, PurchaseOrder
from .receipts import Receipt, ReceiptLine

__all__ = ["PurchaseLine", "PurchaseOrder", "Receipt", "ReceiptLine"]
