"""What the inventory room does for others."""

from .handling_units import (
    UnitSpec,
    change_handling_unit,
    create_handling_unit,
    ensure_units,
    move_handling_unit,
    pack_unit,
    take_out_unit,
)
from .lots import LotSpec, change_lot, create_lot, ensure_lots, hold_lot, release_lot, scrap_lot
from .periods import change_period, close_period, create_period, reopen_period
from .post_movements import post_many, post_movements
from .reserve_stock import (
    expire_reservations,
    release_many,
    release_reservation,
    reserve_many,
    reserve_stock,
)
from .reverse_movement import reverse_movement, reverse_posting
from .upkeep import (
    MONTHS_AHEAD,
    ensure_partitions,
    months_prepared,
    rebuild_balances,
    rebuild_snapshots,
    seal_past,
    take_snapshots,
)

__all__ = [
    "MONTHS_AHEAD",
    "LotSpec",
    "UnitSpec",
    "change_handling_unit",
    "change_lot",
    "change_period",
    "close_period",
    "create_handling_unit",
    "create_lot",
    "create_period",
    "ensure_lots",
    "ensure_partitions",
    "ensure_units",
    "expire_reservations",
    "hold_lot",
    "months_prepared",
    "move_handling_unit",
    "pack_unit",
    "post_many",
    "post_movements",
    "rebuild_balances",
    "rebuild_snapshots",
    "release_lot",
    "release_many",
    "release_reservation",
    "reopen_period",
    "reserve_many",
    "reserve_stock",
    "reverse_movement",
    "reverse_posting",
    "scrap_lot",
    "seal_past",
    "take_out_unit",
    "take_snapshots",
]
