"""Sales orders and what came back of them."""

from .orders import SalesLine, SalesOrder
from .returns import ReturnLine, ReturnOrder

__all__ = ["ReturnLine", "ReturnOrder", "SalesLine", "SalesOrder"]
