"""Keys for machines."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lodestock.kernel.models import Record


class ApiKey(Record):
    """A secret by which a machine acts as ``user``, possibly with less than the user's rights.

    Only the hash is kept; ``prefix`` lets people recognise the key. ``permissions`` narrows what
    the user may do (patterns such as ``inventory.*``; empty: no narrowing), ``read_only`` refuses
    every write. ``last_used_on`` is a day, so that not every request writes a row.
    """

    history_hidden: ClassVar[tuple[str, ...]] = ("key_hash", "last_used_on")

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    permissions = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    read_only = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "API key"
        verbose_name_plural = "API keys"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
