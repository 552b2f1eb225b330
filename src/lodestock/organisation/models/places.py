"""Sites and the departments in them: organisation, not physical places (see locations)."""

from __future__ import annotations

from typing import Any

from django.db import models

from lodestock.kernel.models import Record


def default_location_grammar() -> dict[str, Any]:
    """The default template: warehouse / zone / aisle / rack / bin, ``WH1/Z2/A03/R07/B2``."""
    return {
        "separator": "/",
        "levels": [
            {"kind": "warehouse", "pattern": "[A-Z0-9-]{1,16}"},
            {"kind": "zone", "pattern": "[A-Z0-9-]{1,16}"},
            {"kind": "aisle", "pattern": "[A-Z0-9-]{1,16}"},
            {"kind": "rack", "pattern": "[A-Z0-9-]{1,16}"},
            {"kind": "bin", "pattern": "[A-Z0-9-]{1,16}"},
        ],
    }


class Site(Record):
    """One place of business: its clock, its currency, its way of naming locations.

    ``allow_negative_stock`` lets physical balances of this site go below zero (each is a case);
    it is off unless somebody decides otherwise for this site.
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC")
    currency = models.ForeignKey("organisation.Currency", on_delete=models.PROTECT)
    calendar = models.ForeignKey(
        "organisation.Calendar", on_delete=models.PROTECT, null=True, blank=True
    )
    country = models.CharField(max_length=2, blank=True)
    gln = models.CharField(max_length=13, blank=True)
    location_grammar = models.JSONField(default=default_location_grammar)
    allow_negative_stock = models.BooleanField(default=False)

    class Meta(Record.Meta):
        pass

    def __str__(self) -> str:
        return self.code


class Department(Record):
    """The organisational owner of people and locations, e.g. ``FM`` or ``LM``."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="departments")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=120)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="department_code_once_a_site")
        ]

    def __str__(self) -> str:
        return self.code
