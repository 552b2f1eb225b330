"""The verbs of the partners room. Each opens its own transaction."""

from lodestock.kernel.ensure import Ensured

from .bulk import ensure_partners
from .contacts import (
    add_address,
    add_contact,
    belongs_to_partner,
    change_address,
    change_contact,
    remove_address,
    remove_contact,
    restore_address,
    restore_contact,
)
from .lead_times import observe_lead_times, rebuild_lead_times
from .partners import change_partner, create_partner, deactivate_partner, restore_partner
from .terms import change_terms, create_terms, restore_terms, retire_terms

__all__ = [
    "Ensured",
    "add_address",
    "add_contact",
    "belongs_to_partner",
    "change_address",
    "change_contact",
    "change_partner",
    "change_terms",
    "create_partner",
    "create_terms",
    "deactivate_partner",
    "ensure_partners",
    "observe_lead_times",
    "rebuild_lead_times",
    "remove_address",
    "remove_contact",
    "restore_address",
    "restore_contact",
    "restore_partner",
    "restore_terms",
    "retire_terms",
]
