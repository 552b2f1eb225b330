"""What the inventory room can tell."""

from .as_of import statement, stock_as_of, total_as_of
from .balances import balance_at, balances, holding_stock, on_hand_total
from .history import Explanation, Step, explain_all, explain_balance
from .reservations import HeldReservation, reservations_of
from .scope import limit_to_places, places_within
from .summary import LEVELS, Total, stock_summary
from .units import (
    Content,
    StoredContent,
    contents_of_tree,
    contents_of_units,
    last_shipped,
    place_of_unit,
    units_by_serial,
    units_holding,
)

__all__ = [
    "LEVELS",
    "Content",
    "Explanation",
    "HeldReservation",
    "Step",
    "StoredContent",
    "Total",
    "balance_at",
    "balances",
    "contents_of_tree",
    "contents_of_units",
    "explain_all",
    "explain_balance",
    "holding_stock",
    "last_shipped",
    "limit_to_places",
    "on_hand_total",
    "place_of_unit",
    "places_within",
    "reservations_of",
    "statement",
    "stock_as_of",
    "stock_summary",
    "total_as_of",
    "units_by_serial",
    "units_holding",
]
