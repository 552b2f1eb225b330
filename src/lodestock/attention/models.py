"""Exception cases."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lodestock.kernel.fields import EnumField, StatusField
from lodestock.kernel.models import Record

from .domain import CASE, LIVE, CaseType, Resolution, Severity


class ExceptionCase(Record):
    """One situation, named by the rule that saw it and the subject it was seen on.

    While it is live there is one case for a rule and subject, however often the rule fires;
    ``count`` says how often. ``subject_id`` names a row of the model ``subject_type``
    (``"feeds.feed"``): its key, or the parts of its key with colons; empty where there is none.
    """

    # Seen again is no change worth remembering.
    history_hidden = ("last_seen", "count")

    rule = models.CharField(max_length=100, help_text="Key of the rule, such as feeds.drift.")
    type = EnumField(CaseType, default=CaseType.SYSTEM)
    severity = EnumField(Severity, default=Severity.MEDIUM)
    status = StatusField(CASE)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=200, blank=True, default="")
    site = models.ForeignKey(
        "organisation.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=300)
    evidence = models.JSONField(default=dict, blank=True)
    first_seen = models.DateTimeField(db_default=Now())
    last_seen = models.DateTimeField(db_default=Now())
    count = models.IntegerField(default=1)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = EnumField(Resolution, blank=True, default="")
    resolution_note = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = "exception case"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_type", "subject_id"],
                condition=Q(status__in=[status.value for status in LIVE]),
                name="case_live_once",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True, resolution="")),
                name="case_closed_has_end",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="case_by_status"),
            models.Index(fields=["subject_type", "subject_id"], name="case_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.severity}: {self.title}"
