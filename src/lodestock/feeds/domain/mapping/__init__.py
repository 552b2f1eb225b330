"""From typed rows to documents, as the contract's ``mapping`` says."""

from lodestock.feeds.domain.mapping.mapper import MappedRow, Mapper

__all__ = ["MappedRow", "Mapper"]
