"""Currencies (ISO 4217) and their daily rates."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from lodestock.kernel.fields import ExactFactorField
from lodestock.kernel.models import Record


class Currency(Record):
    """A currency; ``minor_unit`` is the number of decimals amounts are rounded to."""

    code = models.CharField(max_length=3, unique=True, validators=[RegexValidator(r"^[A-Z]{3}$")])
    name = models.CharField(max_length=80)
    minor_unit = models.PositiveSmallIntegerField(default=2, validators=[MaxValueValidator(4)])

    class Meta(Record.Meta):
        verbose_name_plural = "currencies"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z]{3}$"), name="currency_code_iso_4217"
            ),
            models.CheckConstraint(condition=Q(minor_unit__lte=4), name="currency_minor_unit_max"),
        ]

    def __str__(self) -> str:
        return self.code


class CurrencyRate(Record):
    """On ``date`` one unit of ``currency`` was worth ``rate`` units of ``quote_currency``."""

    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="rates")
    quote_currency = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="+")
    date = models.DateField()
    rate = ExactFactorField()
    source = models.CharField(max_length=80, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "quote_currency", "date"], name="currency_rate_once_a_day"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="currency_rate_positive"),
            models.CheckConstraint(
                condition=~Q(currency=F("quote_currency")), name="currency_rate_two_currencies"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency_id} → {self.quote_currency_id} {self.date}: {self.rate}"
