"""People and places of a partner. Personal data lives here and nowhere else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.kernel.fields import EnumField
from lodestock.kernel.models import Record
from lodestock.partners.types import AddressKind


class Contact(Record):
    """Whom to call or write to. One active contact of a partner is the ``primary`` one."""

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="contacts"
    )
    name = models.CharField(max_length=160)
    function = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    primary = models.BooleanField(default=False)

    class Meta(Record.Meta):
        ordering = ["partner_id", "-primary", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(primary=True, active=True),
                name="partners_contact_one_primary",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Address(Record):
    """Where a partner is. ``lines`` are street and further lines, one per row."""

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="addresses"
    )
    kind = EnumField(AddressKind, default=AddressKind.MAIN)
    name = models.CharField(max_length=160, blank=True)
    lines = models.TextField(blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField("country (ISO 3166-1 alpha-2)", max_length=2)
    gln = models.CharField("GLN", max_length=13, unique=True, null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name_plural = "addresses"
        ordering = ["partner_id", "kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$"), name="partners_address_country"
            ),
            models.CheckConstraint(
                condition=Q(gln__isnull=True) | Q(gln__regex=r"^[0-9]{13}$"),
                name="partners_address_gln_digits",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.name, self.city, self.country]))
