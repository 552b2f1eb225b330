"""Every inbound byte, kept before it is read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.kernel.models import Fact


class RawFile(Fact):
    """A file as it came, addressed by the sha256 of its bytes.

    The bytes lie under ``files/`` in the program's home; the same bytes a second time are the same
    row. ``headers`` is what came along with it (mail or HTTP headers, the uploader's file name).
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size_bytes = models.BigIntegerField()
    name = models.CharField(max_length=255)
    headers = models.JSONField(default=dict, blank=True)
    actor_id = models.BigIntegerField(null=True)

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$", size_bytes__gte=0),
                name="feeds_rawfile_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.sha256[:12]})"


class RawRedaction(Fact):
    """The bytes of a raw file were removed for ``reason``; its sha256 and size stay."""

    raw_file = models.OneToOneField(RawFile, on_delete=models.PROTECT, related_name="redaction")
    reason = models.CharField(max_length=300)
    actor_id = models.BigIntegerField(null=True)

    class Meta(Fact.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="feeds_redaction_has_reason")
        ]

    def __str__(self) -> str:
        return f"{self.raw_file_id}: {self.reason}"
