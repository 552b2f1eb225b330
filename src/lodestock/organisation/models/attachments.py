"""Files that belong to a record, kept once by content."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from lodestock.kernel.models import Record


class Attachment(Record):
    """A file fastened to any record: ``subject_type`` is a model label, ``subject_id`` its key.

    The bytes live in the file store under their sha256, so the same file is kept once.
    """

    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")])
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=127)
    size_bytes = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True, editable=False)

    class Meta(Record.Meta):
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="attachment_of_subject"),
            models.Index(fields=["sha256"], name="attachment_by_sha256"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="attachment_sha256_hex"
            ),
            models.CheckConstraint(condition=Q(size_bytes__gte=0), name="attachment_size_natural"),
        ]

    def __str__(self) -> str:
        return self.name
