"""The verbs of sales. Each works on one document or on many by the same code."""

from .bulk import place_orders_bulk, replay_bulk
from .dispose import close_return, credit_return, dispose_return, inspect_return
from .place import create_order, create_orders, draft_order, place_order
from .reserve import LineHold, reserve_order, reserve_orders
from .returns import return_bulk, return_goods
from .ship import ship_bulk, ship_order
from .steps import cancel_order, hold_order, release_order

__all__ = [
    "LineHold",
    "cancel_order",
    "close_return",
    "create_order",
    "create_orders",
    "credit_return",
    "dispose_return",
    "draft_order",
    "hold_order",
    "inspect_return",
    "place_order",
    "place_orders_bulk",
    "release_order",
    "replay_bulk",
    "reserve_order",
    "reserve_orders",
    "return_bulk",
    "return_goods",
    "ship_bulk",
    "ship_order",
]
