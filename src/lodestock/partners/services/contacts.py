"""People and addresses of a partner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput, NotFound
from lodestock.kernel.texts import choice, clean_name
from lodestock.partners.errors import Duplicate, LastContact, UnknownPartner
from lodestock.partners.models import Address, Contact, Partner
from lodestock.partners.services.fields import clean_country, clean_gln, clean_text
from lodestock.partners.types import AddressKind, PartnerRole

Row = TypeVar("Row", Contact, Address)


def add_contact(*, partner_id: int, **fields: Any) -> Contact:
    """Add a contact; with ``primary`` it takes over from the one before.

    Raises :class:`UnknownPartner` and ``InvalidInput``.
    """
    values = clean_contact_fields(fields)
    with transaction():
        contact = Contact(partner=_locked_partner(partner_id), **values)
        _make_room(contact)
        contact.save(force_insert=True)
    return contact


def change_contact(*, contact_id: int, **fields: Any) -> Contact:
    """Change a contact; raises as :func:`add_contact`."""
    values = clean_contact_fields(fields, partial=True)
    with transaction():
        contact = _row(Contact, contact_id)
        _locked_partner(contact.partner_id)
        for name, value in values.items():
            setattr(contact, name, value)
        _make_room(contact)
        contact.save()
    return contact


def remove_contact(*, contact_id: int) -> Contact:
    """Deactivate a contact. Raises :class:`LastContact` for the only one of a supplier."""
    with transaction():
        contact = _row(Contact, contact_id)
        partner = _locked_partner(contact.partner_id)
        others = partner.contacts.active().exclude(pk=contact.pk)
        if PartnerRole.SUPPLIER in partner.roles and not others.exists():
            raise LastContact(
                f"{contact.name} is the only contact of the supplier {partner.code}: add another"
                " one first.",
                field="contact",
            )
        contact.primary = False
        contact.active = False
        contact.save()
    return contact


def restore_contact(*, contact_id: int) -> Contact:
    """Undo :func:`remove_contact`; the contact comes back as an ordinary one."""
    with transaction():
        contact = _row(Contact, contact_id)
        contact.restore()
    return contact


def add_address(*, partner_id: int, **fields: Any) -> Address:
    """Add an address. Raises :class:`UnknownPartner`, :class:`Duplicate` for a taken GLN."""
    values = clean_address_fields(fields)
    with transaction():
        address = Address(partner=_locked_partner(partner_id), **values)
        _save_address(address)
    return address


def change_address(*, address_id: int, **fields: Any) -> Address:
    """Change an address; raises as :func:`add_address`."""
    values = clean_address_fields(fields, partial=True)
    with transaction():
        address = _row(Address, address_id)
        for name, value in values.items():
            setattr(address, name, value)
        _save_address(address)
    return address


def remove_address(*, address_id: int) -> Address:
    """Deactivate an address; documents that used it keep it."""
    with transaction():
        address = _row(Address, address_id)
        address.deactivate()
    return address


def restore_address(*, address_id: int) -> Address:
    """Undo :func:`remove_address`."""
    with transaction():
        address = _row(Address, address_id)
        address.restore()
    return address


def belongs_to_partner(row: Contact | Address) -> Conflict:
    """The refusal for moving a contact or address to another partner."""
    return Conflict(
        f"This {row._meta.verbose_name} belongs to {row.partner.code}: add it to the other partner"
        " and remove it here.",
        field="partner",
    )


def clean_contact_fields(fields: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """Columns of a contact; ``name`` is needed unless ``partial``."""
    return _clean(fields, _CONTACT, needed=() if partial else ("name",))


def clean_address_fields(fields: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """Columns of an address; ``country`` is needed unless ``partial``."""
    return _clean(fields, _ADDRESS, needed=() if partial else ("country",))


def _clean(
    fields: Mapping[str, Any], cleaners: Mapping[str, Callable[[Any], Any]], needed: tuple[str, ...]
) -> dict[str, Any]:
    for name in needed:
        if not fields.get(name):
            raise InvalidInput(f"{name}: a value is needed.", field=name)
    for name in fields:
        if name not in cleaners:
            known = ", ".join(sorted(cleaners))
            raise InvalidInput(f"{name!r} is no field here; known are {known}.", field=name)
    return {name: cleaners[name](value) for name, value in fields.items()}


def _email(value: Any) -> str:
    text = str(value or "").strip()
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise InvalidInput(f"email: {text[:80]!r} is no e-mail address.", field="email") from None
    return text


def _needed_country(value: Any) -> str:
    country = clean_country(value)
    if not country:
        raise InvalidInput("country: a value is needed.", field="country")
    return country


_CONTACT: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: clean_name(value, longest=160),
    "function": clean_text("function", 120),
    "email": _email,
    "phone": clean_text("phone", 40),
    "primary": bool,
}
_ADDRESS: dict[str, Callable[[Any], Any]] = {
    "kind": lambda value: choice(value, AddressKind, field="kind"),
    "name": clean_text("name", 160),
    "lines": lambda value: str(value or "").strip()[:2000],
    "postal_code": clean_text("postal_code", 20),
    "city": clean_text("city", 120),
    "region": clean_text("region", 120),
    "country": _needed_country,
    "gln": clean_gln,
}


def _make_room(contact: Contact) -> None:
    """One primary contact a partner: the one before steps back (the partner is locked)."""
    if contact.primary:
        others = Contact.objects.filter(partner=contact.partner, primary=True)
        others.exclude(pk=contact.pk).update(primary=False)


def _save_address(address: Address) -> None:
    taken = Duplicate(f"The GLN {address.gln} already belongs to another address.", field="gln")
    with refusing({"partners_address_gln_key": lambda: taken}):
        address.save()


def _locked_partner(partner_id: int) -> Partner:
    found = Partner.objects.select_for_update(no_key=True).filter(pk=partner_id).first()
    if found is None:
        raise UnknownPartner("There is no such partner: create it first.", field="partner")
    return found


def _row(model: type[Row], key: int) -> Row:
    found = model.objects.select_for_update(no_key=True).filter(pk=key).first()
    if found is None:
        raise NotFound(f"There is no such {model._meta.verbose_name}.")
    return found
