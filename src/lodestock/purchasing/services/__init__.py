"""The verbs of purchasing. Each works on one document or on many by the same code."""

from .bulk import place_and_receive_bulk
from .direct import deliver_direct
from .place import create_purchase_order, create_purchase_orders
from .put_away import PutAway, put_away, put_away_many
from .receive import receive_goods, receive_many
from .steps import (
    LineChange,
    acknowledge_purchase_order,
    approve_purchase_order,
    cancel_purchase_order,
    close_purchase_order,
    negotiate_purchase_order,
    redraft_purchase_order,
    reject_purchase_order,
    revise_purchase_order,
    send_purchase_order,
    submit_purchase_order,
)

__all__ = [
    "LineChange",
    "PutAway",
    "acknowledge_purchase_order",
    "approve_purchase_order",
    "cancel_purchase_order",
    "close_purchase_order",
    "create_purchase_order",
    "create_purchase_orders",
    "deliver_direct",
    "negotiate_purchase_order",
    "place_and_receive_bulk",
    "put_away",
    "put_away_many",
    "receive_goods",
    "receive_many",
    "redraft_purchase_order",
    "reject_purchase_order",
    "revise_purchase_order",
    "send_purchase_order",
    "submit_purchase_order",
]
