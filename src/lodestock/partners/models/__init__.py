"""Partners, their people and places, their terms, and how long they take."""

from .contacts import Address, Contact
from .lead_times import LeadTimeReceipt, LeadTimeStatistics
from .partner import Partner
from .terms import PaymentTerms

__all__ = [
    "Address",
    "Contact",
    "LeadTimeReceipt",
    "LeadTimeStatistics",
    "Partner",
    "PaymentTerms",
]
