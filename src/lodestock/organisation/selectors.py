"""Questions about the organisation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from lodestock.kernel import clock
from lodestock.kernel.composed import Composed
from lodestock.kernel.principals import Principal
from lodestock.organisation.types import SiteFacts, UomFacts

from .domain.units import Unit, convert
from .domain.working_days import WorkingDays
from .errors import NoRate, UnknownCurrency, UnknownReason, UnknownSite, UnknownUnit
from .models import Attachment, Calendar, Currency, CurrencyRate, Department, ReasonCode, Site, Uom
from .subjects import subjects


def site_by_code(code: str) -> Site:
    """The active site with this code. Raises :class:`UnknownSite`."""
    site = Site.objects.active().select_related("currency").filter(code=code).first()
    if site is None:
        known = ", ".join(
            Site.objects.active().order_by("code").values_list("code", flat=True)[:20]
        )
        raise UnknownSite(f"There is no site {code!r}; known are: {known or 'none'}.")
    return site


def sites_by_id(site_ids: Collection[int]) -> dict[int, SiteFacts]:
    """Sites by key, active or not; unknown keys are absent. One statement."""
    return {row[0]: SiteFacts(*row) for row in _facts_by_id(site_ids)}


def minor_units() -> dict[str, int]:
    """Decimals that amounts are rounded to, by code of every active currency."""
    return dict(Currency.objects.active().values_list("code", "minor_unit"))


def site_facts(site_id: int) -> SiteFacts:
    """The facts of one site, active or not. Raises :class:`UnknownSite`."""
    found = _site_facts(Site.objects.filter(pk=site_id))
    if not found:
        raise UnknownSite("There is no such site.")
    return found[0]


def sites_by_code() -> dict[str, SiteFacts]:
    """Every active site, in one query."""
    return {site.code: site for site in _site_facts(Site.objects.active())}


def _site_facts(sites: QuerySet[Site]) -> list[SiteFacts]:
    return [SiteFacts(*row) for row in sites.values_list(*_FACTS)]


_FACTS = ("id", "code", "time_zone", "currency__code", "allow_negative_stock")
_facts_by_id = Composed(lambda key: Site.objects.filter(id__in=[key]).values_list(*_FACTS))


def site_today(site: Site) -> date:
    """The calendar day it is at the site."""
    return clock.today(site.time_zone)


def currency_by_code(code: str) -> Currency:
    """The active currency with this ISO code. Raises :class:`UnknownCurrency`."""
    currency = Currency.objects.active().filter(code=code.upper()).first()
    if currency is None:
        raise UnknownCurrency(
            f"There is no currency {code!r}: use an ISO 4217 code such as EUR.", field="currency"
        )
    return currency


def minor_unit(code: str) -> int:
    """Decimals that amounts of a currency are rounded to. Raises :class:`UnknownCurrency`."""
    return currency_by_code(code).minor_unit


def rate_on(*, currency: str, quote_currency: str, on: date) -> Decimal:
    """Units of ``quote_currency`` for one ``currency``: the newest rate on or before the day.

    The other direction is inverted (15 decimals). Raises :class:`NoRate`.
    """
    if currency == quote_currency:
        return Decimal(1)
    straight = _newest_rate(currency, quote_currency, on)
    if straight is not None:
        return straight
    inverse = _newest_rate(quote_currency, currency, on)
    if inverse is None:
        raise NoRate(
            f"No rate from {currency} to {quote_currency} is known on or before {on}: enter one.",
            field="currency",
        )
    return (1 / inverse).quantize(Decimal("1e-15"))


def _newest_rate(currency: str, quote_currency: str, on: date) -> Decimal | None:
    rows = CurrencyRate.objects.active().filter(
        currency__code=currency, quote_currency__code=quote_currency, date__lte=on
    )
    return rows.order_by("-date").values_list("rate", flat=True).first()


def uom_by_code(code: str) -> Uom:
    """The active unit of measure with this code. Raises :class:`UnknownUnit`."""
    unit = Uom.objects.active().filter(code=code).first()
    if unit is None:
        known = ", ".join(Uom.objects.active().order_by("code").values_list("code", flat=True))
        raise UnknownUnit(f"There is no unit {code!r}; known are: {known}.", field="uom")
    return unit


def uoms_by_code() -> dict[str, UomFacts]:
    """Every active unit of measure, in one query."""
    rows = Uom.objects.active().values_list("id", "code", "dimension", "factor", "decimal_places")
    return {row[1]: UomFacts(*row) for row in rows}


def convert_uom(quantity: Decimal, source: Uom, target: Uom) -> Decimal:
    """``quantity`` of one unit in another of the same dimension, exactly.

    Raises ``IncompatibleUnits`` (see ``domain.units``).
    """
    return convert(quantity, _unit(source), _unit(target))


def _unit(uom: Uom) -> Unit:
    return Unit(uom.code, uom.dimension, uom.factor)


def reason(code: str, *, family: str | None = None) -> ReasonCode:
    """The active reason with this code, of that family. Raises :class:`UnknownReason`."""
    rows = ReasonCode.objects.active()
    rows = rows.filter(family=family) if family else rows
    found = rows.filter(code=code).first()
    if found is None:
        known = ", ".join(rows.order_by("number").values_list("code", flat=True))
        raise UnknownReason(
            f"There is no reason {code!r}; known are: {known}.", field="reason_code"
        )
    return found


def working_days(calendar: Calendar) -> WorkingDays:
    """The calendar as a rule to count with."""
    days = calendar.days.active().values_list("date", "working")
    return WorkingDays(frozenset(calendar.weekdays), dict(days))


def sites_visible_to(principal: Principal) -> QuerySet[Site]:
    """Every site: whoever is inside the company knows its addresses."""
    return Site.objects.all()


def departments_visible_to(principal: Principal) -> QuerySet[Department]:
    """Every department; working in one is another matter (see accounts)."""
    return Department.objects.all()


def attachments_visible_to(principal: Principal) -> QuerySet[Attachment]:
    """Files of the rows this principal sees; none of models that nobody registered."""
    seen = Q(pk__in=[])
    for label, subject in subjects().items():
        rows = subject.visible_to(principal).order_by().values("pk")
        seen |= Q(subject_type=label, subject_id__in=rows)
    return Attachment.objects.filter(seen)
