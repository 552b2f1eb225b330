"""What tests across rooms share."""

from tests.api.stocked import stocked, stocked_database

__all__ = ["stocked", "stocked_database"]
