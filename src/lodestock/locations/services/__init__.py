"""The verbs of the locations room. Each opens its own transaction."""

from lodestock.kernel.ensure import Ensured

from .bulk import ensure_locations, generate_locations
from .closing import close_location, deactivate_location, reopen_location, restore_location
from .locations import change_location, create_location, move_location, stays_as_it_is
from .virtual import create_virtual_location

__all__ = [
    "Ensured",
    "change_location",
    "close_location",
    "create_location",
    "create_virtual_location",
    "deactivate_location",
    "ensure_locations",
    "generate_locations",
    "move_location",
    "reopen_location",
    "restore_location",
    "stays_as_it_is",
]
