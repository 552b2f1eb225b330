"""What a feed's files mean: a versioned YAML file, checked before it is believed."""

from lodestock.feeds.domain.contract.loading import load_contract, parse_contract
from lodestock.feeds.domain.contract.model import (
    Arithmetic,
    Check,
    Column,
    Condition,
    Contract,
    Form,
    FormatRule,
    Identity,
    Pointer,
    Repair,
    RowClass,
)

__all__ = [
    "Arithmetic",
    "Check",
    "Column",
    "Condition",
    "Contract",
    "Form",
    "FormatRule",
    "Identity",
    "Pointer",
    "Repair",
    "RowClass",
    "load_contract",
    "parse_contract",
]
