"""What the partners room tells the rest of the house: codes and roles, never people."""

from __future__ import annotations

from collections.abc import Iterable

from lodestock.eventstore.types import NewEvent, Stream
from lodestock.partners.models import Partner


def partner_created(partner: Partner) -> Stream:
    """``PartnerCreated``. The name stays in the record, where it can be erased."""
    payload = {"partner": partner.code, "roles": list(partner.roles), "gln": partner.gln}
    return Stream("Partner", partner.pk, [NewEvent("PartnerCreated", payload)])


def partner_changed(partner: Partner, columns: Iterable[str]) -> Stream:
    """``PartnerChanged``: which columns changed; their values stay in the record."""
    payload = {
        "partner": partner.code,
        "roles": list(partner.roles),
        "gln": partner.gln,
        "active": partner.active,
        "changed": sorted(name.removesuffix("_id") for name in columns),
    }
    return Stream("Partner", partner.pk, [NewEvent("PartnerChanged", payload)])
