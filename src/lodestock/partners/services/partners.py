"""Create, change and retire partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from lodestock.eventstore import services as eventstore
from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput
from lodestock.partners import events
from lodestock.partners.errors import Duplicate, UnknownPartner
from lodestock.partners.models import Contact, Partner
from lodestock.partners.services.contacts import clean_contact_fields
from lodestock.partners.services.fields import clean_partner_fields
from lodestock.partners.types import UNSPECIFIED_ID, PartnerRole


def create_partner(
    *,
    code: str,
    name: str,
    roles: Sequence[str],
    contacts: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> Partner:
    """Create a partner with its contacts; the first one is the primary contact.

    A supplier always has a contact: without one stated, the switchboard under its name.
    ``fields`` are columns, ``currency`` and ``payment_terms`` codes. Raises :class:`Duplicate`
    for a taken code or GLN, ``InvalidInput`` and ``UnknownTerms`` for bad values.
    """
    values = clean_partner_fields(fields | {"code": code, "name": name, "roles": roles})
    partner = Partner(**values)
    refuse_spread_without_mean(partner)
    people = [clean_contact_fields(contact) for contact in contacts]
    with transaction():
        with refusing_partner(partner):
            partner.save(force_insert=True)
        _save_contacts(partner, people)
        eventstore.append_many([events.partner_created(partner)])
    return partner


def change_partner(*, partner_id: int, **fields: Any) -> Partner:
    """Change columns of a partner; nothing is written, and nothing told, when nothing differs.

    Raises as :func:`create_partner`. Becoming a supplier adds the switchboard as a contact where
    there is none.
    """
    with transaction():
        partner = partner_for_update(partner_id)
        values = clean_partner_fields(fields)
        changed = [name for name, value in values.items() if getattr(partner, name) != value]
        for name in changed:
            setattr(partner, name, values[name])
        refuse_spread_without_mean(partner)
        if changed:
            with refusing_partner(partner):
                partner.save(update_fields=[*changed, "updated_at"])
            eventstore.append_many([events.partner_changed(partner, changed)])
        if "roles" in changed and not partner.contacts.active().exists():
            _save_contacts(partner, [])
    return partner


def deactivate_partner(*, partner_id: int) -> Partner:
    """Retire a partner: hidden from lists and refused on new documents."""
    with transaction():
        partner = partner_for_update(partner_id)
        if partner.active:
            partner.deactivate()
            eventstore.append_many([events.partner_changed(partner, ["active"])])
    return partner


def restore_partner(*, partner_id: int) -> Partner:
    """Undo :func:`deactivate_partner`."""
    with transaction():
        partner = partner_for_update(partner_id)
        if not partner.active:
            partner.restore()
            eventstore.append_many([events.partner_changed(partner, ["active"])])
    return partner


def partner_for_update(partner_id: int) -> Partner:
    """The partner, locked. Raises :class:`UnknownPartner`; row 0 is nobody."""
    rows = Partner.objects.select_for_update(no_key=True).exclude(pk=UNSPECIFIED_ID)
    found = rows.filter(pk=partner_id).first()
    if found is None:
        raise UnknownPartner("There is no such partner: create it first.", field="partner")
    return found


def refusing_partner(partner: Partner) -> AbstractContextManager[None]:
    """Explain which of the unique values of ``partner`` is taken."""
    return refusing(
        {
            "partners_partner_code_key": lambda: Duplicate(
                f"There already is a partner with the code {partner.code!r}.", field="code"
            ),
            "partners_partner_gln_key": lambda: Duplicate(
                f"The GLN {partner.gln} already belongs to another partner.", field="gln"
            ),
        }
    )


def refuse_spread_without_mean(partner: Partner) -> None:
    """A standard deviation says nothing without the mean it spreads around."""
    if partner.lead_time_days_sd is not None and partner.lead_time_days_mean is None:
        raise InvalidInput(
            "lead_time_days_sd: state lead_time_days_mean as well.", field="lead_time_days_mean"
        )


def switchboard(partner: Partner) -> dict[str, str]:
    """The contact of a supplier that named none."""
    return {"name": partner.name[:160], "function": "Switchboard"}


def _save_contacts(partner: Partner, people: Sequence[Mapping[str, Any]]) -> None:
    if not people and PartnerRole.SUPPLIER in partner.roles:
        people = [switchboard(partner)]
    if not people:
        return
    first = next((i for i, person in enumerate(people) if person.get("primary")), 0)
    Contact.objects.bulk_create(
        Contact(partner=partner, **{**person, "primary": place == first})
        for place, person in enumerate(people)
    )
