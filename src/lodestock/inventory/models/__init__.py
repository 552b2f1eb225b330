"""Tables of the inventory room."""

from .balances import Balance
from .ledger import Movement, Posting, Reversal
from .lots import Lot
from .periods import StockPeriod
from .reservations import Reservation, ReservationLine
from .snapshots import Snapshot
from .units import HandlingUnit, HuContent
from .upkeep import Backdating, LedgerState, MovementPartition

__all__ = [
    "Backdating",
    "Balance",
    "HandlingUnit",
    "HuContent",
    "LedgerState",
    "Lot",
    "Movement",
    "MovementPartition",
    "Posting",
    "Reservation",
    "ReservationLine",
    "Reversal",
    "Snapshot",
    "StockPeriod",
]
