"""Suppliers, customers and carriers."""

from __future__ import annotations

from decimal import Decimal

from lodestock.partners import services as partners
from lodestock.partners.types import PartnerRole, PartnerSpec
from lodestock.shell.demo.company import CARRIERS, CURRENCY, CUSTOMERS, SUPPLIERS


def load_companies() -> dict[str, int]:
    """Make what is missing; returns the keys of all companies by code."""
    keys = partners.ensure_partners([*_suppliers(), *_customers(), *_carriers()], update=False)
    return dict(keys)


def _suppliers() -> list[PartnerSpec]:
    return [
        PartnerSpec(
            code=one.code,
            name=one.name,
            roles=[PartnerRole.SUPPLIER],
            currency=CURRENCY,
            payment_terms="NET30",
            incoterm=one.incoterm,
            country=one.country,
            lead_time_days_mean=Decimal(one.lead_days),
            lead_time_days_sd=Decimal(str(one.lead_sd)),
        )
        for one in SUPPLIERS
    ]


def _customers() -> list[PartnerSpec]:
    return [
        PartnerSpec(
            code=one.code,
            name=one.name,
            roles=[PartnerRole.CUSTOMER],
            currency=CURRENCY,
            payment_terms=one.terms,
            country=one.country,
        )
        for one in CUSTOMERS
    ]


def _carriers() -> list[PartnerSpec]:
    return [
        PartnerSpec(code=code, name=name, roles=[PartnerRole.CARRIER], country=country)
        for code, name, country, _days, _share in CARRIERS
    ]
