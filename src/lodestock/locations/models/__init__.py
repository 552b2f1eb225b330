"""Places: one tree of locations."""

from .location import Location

__all__ = ["Location"]
