"""Questions the partners room answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from lodestock.kernel.composed import Composed
from lodestock.kernel.principals import Principal, limit_to_scope
from lodestock.partners.domain import terms as dates
from lodestock.partners.errors import Inactive, UnknownPartner, WrongRole
from lodestock.partners.models import Partner
from lodestock.partners.types import (
    OWN_COMPANY_CODE,
    UNSPECIFIED_ID,
    WALK_IN_CODE,
    LeadTime,
    PartnerFacts,
    PartnerRole,
    SupplyDates,
)

_FACTS = (
    *("id", "code", "name", "roles", "active", "incoterm", "payment_terms_id"),
    "currency__code",
)


def visible_partners(principal: Principal) -> QuerySet[Partner]:
    """Which partners may they see? A portal user the one they work for."""
    rows = Partner.objects.exclude(pk=UNSPECIFIED_ID)
    return limit_to_scope(rows, principal, {"partner": "id"})


def partner_by_code(
    code: str, *, role: PartnerRole | None = None, active: bool = False
) -> PartnerFacts:
    """Which partner has this code?

    Raises :class:`UnknownPartner`; :class:`WrongRole` and :class:`Inactive` when asked for.
    """
    found = partners_by_code([code]).get(code)
    if found is None:
        raise UnknownPartner(
            f"There is no partner with the code {code[:64]!r}: create it first.", field="partner"
        )
    if role is not None and role not in found.roles:
        raise WrongRole(
            f"{code} is {', '.join(found.roles)}, not {role}: add the role, or choose another.",
            field="partner",
        )
    if active and not found.active:
        raise Inactive(f"{code} is retired: restore it, or choose another.", field="partner")
    return found


def partners_by_code(codes: Iterable[str]) -> dict[str, PartnerFacts]:
    """Which partners have these codes? Unknown ones are absent. One statement."""
    return {facts.code: facts for facts in _facts(Q(code__in=set(codes)))}


def partner_facts(partner_ids: Iterable[int]) -> dict[int, PartnerFacts]:
    """Which partners have these keys? Unknown ones are absent. One statement."""
    rows = _facts_by_id(set(partner_ids))
    found = [_partner(dict(zip(_FACTS, row, strict=True))) for row in rows]
    return {facts.id: facts for facts in found}


@cache
def walk_in_id() -> int:
    """Which partner stands for customers we do not know by name? A seeded row, never deleted."""
    return partner_by_code(WALK_IN_CODE).id


@cache
def own_company_id() -> int:
    """Which partner is our own company? A seeded row, never deleted."""
    return partner_by_code(OWN_COMPANY_CODE).id


def lead_time(partner_id: int) -> LeadTime | None:
    """How long does this supplier take: as agreed, else as observed, else unknown?

    Raises :class:`UnknownPartner`.
    """
    return _lead_time(_supplier(partner_id))


def observed_lead_time(partner_id: int) -> LeadTime | None:
    """How long did this supplier really take so far? ``None`` before the first receipt."""
    return _observed(_supplier(partner_id))


def supply_dates(partner_id: int, ordered_on: date) -> SupplyDates:
    """When are goods due, when are they late, when is the invoice due, if we order on this day?

    Raises :class:`UnknownPartner`.
    """
    return supply_dates_many([(partner_id, ordered_on)])[0]


def supply_dates_many(orders: Sequence[tuple[int, date]]) -> list[SupplyDates]:
    """The same for ``(partner_id, ordered_on)`` pairs, in their order. One statement."""
    known = _suppliers({partner_id for partner_id, _day in orders})
    answers = []
    for partner_id, ordered_on in orders:
        partner = known.get(partner_id)
        if partner is None:
            raise UnknownPartner("There is no such partner.", field="partner")
        answers.append(dates.supply_dates(ordered_on, _lead_time(partner), _terms(partner)))
    return answers


def order_by(partner_id: int, needed_on: date) -> date | None:
    """When must we order at the latest what is needed on this day? ``None`` when unknown."""
    agreed = lead_time(partner_id)
    return dates.order_by(needed_on, agreed) if agreed else None


def payment_due_on(partner_id: int, invoiced_on: date) -> date | None:
    """When is an invoice of this day due? ``None`` when no terms are agreed."""
    agreed = _terms(_supplier(partner_id))
    if agreed is None:
        return None
    return dates.payment_due(invoiced_on, net_days=agreed[0], basis=agreed[1])


def _supplier(partner_id: int) -> Partner:
    found = _suppliers([partner_id])
    if partner_id not in found:
        raise UnknownPartner("There is no such partner.", field="partner")
    return found[partner_id]


def _suppliers(partner_ids: Collection[int]) -> dict[int, Partner]:
    rows = Partner.objects.select_related("payment_terms", "observed_lead_time")
    return rows.in_bulk(list(partner_ids))


def _lead_time(partner: Partner) -> LeadTime | None:
    mean = partner.lead_time_days_mean
    if mean is None:
        return _observed(partner)
    sd = partner.lead_time_days_sd
    return LeadTime(mean_days=mean, sd_days=mean - mean if sd is None else sd, source="stated")


def _observed(partner: Partner) -> LeadTime | None:
    statistics = getattr(partner, "observed_lead_time", None)
    return statistics.lead_time if statistics else None


def _terms(partner: Partner) -> tuple[int, str] | None:
    agreed = partner.payment_terms
    return (agreed.net_days, agreed.basis) if agreed else None


def _facts(condition: Q) -> list[PartnerFacts]:
    rows = Partner.objects.filter(condition).exclude(pk=UNSPECIFIED_ID)
    return [_partner(row) for row in rows.order_by("id").values(*_FACTS)]


_facts_by_id = Composed(
    lambda key: Partner.objects.filter(id__in=[key]).exclude(pk=UNSPECIFIED_ID).values_list(*_FACTS)
)


def _partner(row: dict[str, Any]) -> PartnerFacts:
    return PartnerFacts(currency=row.pop("currency__code"), roles=tuple(row.pop("roles")), **row)
