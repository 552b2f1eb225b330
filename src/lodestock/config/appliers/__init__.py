"""Adapters between feeds and the rooms above it: rows of a feed become the rooms' documents."""

from .bell import CaseBell
from .rooms import DocumentRooms

__all__ = ["CaseBell", "DocumentRooms"]
