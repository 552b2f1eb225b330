"""Partners by the thousand: what imports call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any

from lodestock.eventstore import services as eventstore
from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.ensure import Ensured, insert_missing
from lodestock.kernel.errors import LodestockError
from lodestock.partners import events, lookups
from lodestock.partners.errors import Duplicate
from lodestock.partners.models import Contact, Partner
from lodestock.partners.services.fields import clean_partner_fields, clean_roles
from lodestock.partners.services.partners import (
    partner_for_update,
    refuse_spread_without_mean,
    refusing_partner,
    switchboard,
)
from lodestock.partners.types import PartnerRole, PartnerSpec

COLUMNS = (
    *("code", "name", "roles", "gln", "tax_number", "country", "payment_terms_id", "incoterm"),
    *("currency_id", "lead_time_days_mean", "lead_time_days_sd"),
)
DEFAULTS: dict[str, Any] = {"tax_number": "", "country": "", "incoterm": ""}
Wanted = dict[str, dict[str, Any]]


def ensure_partners(
    specs: Iterable[PartnerSpec], *, update: bool = True, strict: bool = True
) -> Ensured:
    """Make sure every partner exists as stated; ``{code: id}`` with what was created and changed.

    Roles are only ever added. ``update=False`` changes nothing of a known partner but its roles.
    ``strict=False`` leaves bad rows out, each with its error in ``refused``; otherwise the first
    one raises and nothing is written.
    """
    result = Ensured()
    wanted = _read(specs, result, strict=strict)
    with transaction():
        stored = _stored(wanted)
        created = _create(
            {code: row for code, row in wanted.items() if code not in stored}, result, strict=strict
        )
        known = stored | _stored(set(wanted) - stored.keys() - created.keys())
        result.update({code: partner.pk for code, partner in (created | known).items()})
        result.created = set(created)
        for code in sorted(known.keys() & wanted.keys()):
            _bring(known[code], wanted[code], result, update=update, strict=strict)
    return result


def _read(specs: Iterable[PartnerSpec], result: Ensured, *, strict: bool) -> Wanted:
    currencies, terms = lookups.currency_ids(), lookups.terms_ids()
    wanted: Wanted = {}
    for code, spec in _merged(specs).items():
        try:
            wanted[code.strip()] = clean_partner_fields(
                _stated(spec), currencies=currencies, terms=terms
            )
        except LodestockError as error:
            result.refuse(code, error, strict=strict)
    return wanted


def _merged(specs: Iterable[PartnerSpec]) -> dict[str, PartnerSpec]:
    merged: dict[str, PartnerSpec] = {}
    for spec in specs:
        known = merged.get(spec.code)
        roles = [*(known.roles if known else ()), *spec.roles]
        stated = _stated(spec) | {"roles": roles}
        merged[spec.code] = replace(known or spec, **stated)
    return merged


def _stated(spec: PartnerSpec) -> dict[str, Any]:
    given = {entry.name: getattr(spec, entry.name) for entry in dataclass_fields(spec)}
    return {name: value for name, value in given.items() if value not in (None, (), [])}


def _stored(codes: Iterable[str]) -> dict[str, Partner]:
    names = list(codes)
    rows = Partner.objects.filter(code__in=names) if names else ()
    return {partner.code: partner for partner in rows}


def _create(missing: Wanted, result: Ensured, *, strict: bool) -> dict[str, Partner]:
    owners = _gln_owners(row.get("gln") for row in missing.values())
    new: list[Partner] = []
    for code, row in missing.items():
        try:
            new.append(_partner(code, row, owners))
        except LodestockError as error:
            result.refuse(code, error, strict=strict)
    if not new:
        return {}
    rows = [tuple(getattr(partner, name) for name in COLUMNS) for partner in new]
    with refusing({"partners_partner_gln_key": _taken_meanwhile}):
        ids = insert_missing(Partner, [n.removesuffix("_id") for n in COLUMNS], rows, key="code")
    for partner in new:
        partner.pk = ids.get(partner.code)
    made = [partner for partner in new if partner.pk is not None]
    Contact.objects.bulk_create(
        Contact(partner=partner, primary=True, **switchboard(partner))
        for partner in made
        if PartnerRole.SUPPLIER in partner.roles
    )
    eventstore.append_many([events.partner_created(partner) for partner in made])
    return {partner.code: partner for partner in made}


def _gln_owners(numbers: Iterable[str | None]) -> dict[str, str]:
    wanted = [number for number in numbers if number]
    if not wanted:
        return {}
    rows = Partner.objects.filter(gln__in=wanted).values_list("gln", "code")
    return {gln: code for gln, code in rows if gln}


def _partner(code: str, row: dict[str, Any], owners: dict[str, str]) -> Partner:
    gln = row.get("gln")
    if gln and owners.setdefault(gln, code) != code:
        raise Duplicate(f"{code}: the GLN {gln} already belongs to {owners[gln]}.", field="gln")
    partner = Partner(
        **{"name": code, **DEFAULTS, **row, "roles": clean_roles(row.get("roles", []))}
    )
    refuse_spread_without_mean(partner)
    return partner


def _bring(
    partner: Partner, row: dict[str, Any], result: Ensured, *, update: bool, strict: bool
) -> None:
    """Bring a known partner to what was stated, under lock and only if something differs."""
    if not _changes(partner, row, update=update):
        return
    partner = partner_for_update(partner.pk)
    changes = _changes(partner, row, update=update)
    for name, value in changes.items():
        setattr(partner, name, value)
    try:
        refuse_spread_without_mean(partner)
        with refusing_partner(partner):
            partner.save(update_fields=[*changes, "updated_at"])
    except LodestockError as error:
        result.refuse(partner.code, error, strict=strict)
        return
    if PartnerRole.SUPPLIER in changes.get("roles", ()) and not partner.contacts.exists():
        Contact.objects.create(partner=partner, primary=True, **switchboard(partner))
    eventstore.append_many([events.partner_changed(partner, changes)])
    result.changed.add(partner.code)


def _changes(partner: Partner, row: dict[str, Any], *, update: bool) -> dict[str, Any]:
    roles = clean_roles([*partner.roles, *row.get("roles", ())])
    stated = {**row, "roles": roles} if update else {"roles": roles}
    return {name: value for name, value in stated.items() if getattr(partner, name) != value}


def _taken_meanwhile() -> Duplicate:
    return Duplicate(
        "A GLN of this import was given to another partner at the same moment: import it again.",
        field="gln",
    )
