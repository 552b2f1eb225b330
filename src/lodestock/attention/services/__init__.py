"""The verbs on cases."""

from .close import close_case, resolve_case
from .open import open_case
from .work import acknowledge_case, assign_case, start_case

__all__ = [
    "acknowledge_case",
    "assign_case",
    "close_case",
    "open_case",
    "resolve_case",
    "start_case",
]
