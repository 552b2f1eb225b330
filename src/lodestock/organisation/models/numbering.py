"""Document numbers."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

from lodestock.kernel.fields import EnumField
from lodestock.kernel.models import Record


class NumberSeries(Record):
    """How documents of one kind are numbered, e.g. ``PO-{number:6}`` → ``PO-000042``.

    ``pattern`` knows ``{year}``, ``{yy}``, ``{month}`` and ``{number}`` or ``{number:WIDTH}``. The
    counters are PostgreSQL sequences (see ``services.next_number``): concurrent callers never wait
    for each other, and a rolled back document leaves a gap.
    """

    code = models.CharField(max_length=40, unique=True, validators=[RegexValidator(r"^[a-z_]+$")])
    name = models.CharField(max_length=120)
    pattern = models.CharField(max_length=60)
    restart = EnumField(["never", "yearly", "monthly"], default="never")

    class Meta(Record.Meta):
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return self.code
