"""What crosses the border of the partners room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class PartnerRole(StrEnum):
    """What a company is to us; one company may be several things."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    CARRIER = "carrier"
    MANUFACTURER = "manufacturer"
    DISTRIBUTOR = "distributor"
    RETAILER = "retailer"
    OWN_COMPANY = "own_company"


class DueBasis(StrEnum):
    """From which day the days of payment run."""

    INVOICE_DATE = "invoice_date"
    END_OF_MONTH = "end_of_month"


class AddressKind(StrEnum):
    """What an address is for."""

    MAIN = "main"
    BILLING = "billing"
    SHIPPING = "shipping"
    RETURNS = "returns"


#: Incoterms 2020, then the codes of older editions that real files still carry.
INCOTERMS = (
    *("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"),
    *("DAT", "DDU", "DAF", "DES", "DEQ"),
)

#: The row behind the ledger's owner 0: "our own stock, no legal entity named".
UNSPECIFIED_ID = 0
OWN_COMPANY_CODE = "OWN"
WALK_IN_CODE = "WALK-IN"


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """What other rooms need to know of a partner."""

    id: int
    code: str
    name: str
    roles: tuple[str, ...]
    active: bool
    currency: str | None
    incoterm: str
    payment_terms_id: int | None


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from order to receipt; ``source`` is ``stated`` (agreed) or ``observed`` (measured)."""

    mean_days: Decimal
    sd_days: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class SupplyDates:
    """The dates that follow from ordering on a day; ``None`` where nothing is agreed or known.

    ``due_on``: goods expected (mean lead time). ``required_by``: late from then on (mean plus one
    standard deviation). ``payment_due_on``: for an invoice that comes with the goods.
    """

    ordered_on: date
    due_on: date | None
    required_by: date | None
    payment_due_on: date | None


@dataclass(frozen=True, slots=True)
class LeadTimeObservation:
    """One receipt, as evidence; its reference is counted once, however often it is told."""

    partner_id: int
    reference_type: str
    reference_id: str
    ordered_on: date
    received_on: date


@dataclass(frozen=True, slots=True)
class PartnerSpec:
    """A partner as an import knows it; ``None`` means "not stated, leave as it is".

    ``roles`` are added to those the partner has.
    """

    code: str
    name: str | None = None
    roles: Sequence[str] = ()
    gln: str | None = None
    tax_number: str | None = None
    currency: str | None = None
    payment_terms: str | None = None
    incoterm: str | None = None
    country: str | None = None
    lead_time_days_mean: Decimal | None = None
    lead_time_days_sd: Decimal | None = None
