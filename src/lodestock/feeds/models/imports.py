"""Imports and the drift they met."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lodestock.feeds.domain.lifecycle import DRIFT_REPORT, IMPORT
from lodestock.kernel.fields import StatusField
from lodestock.kernel.models import Projection, Record

from .contracts import ContractVersion, Feed
from .store import RawFile


class Import(Record):
    """One reading of one raw file under one contract version.

    The four counts add up to ``received`` from the moment the import has ended, held or not; the
    database checks it. ``applied_through`` is the last planned place whose rows are in: a restart
    goes on behind it. ``stated`` is what was found about the file's form, ``answer`` the totals,
    classes, repairs and openings that were reported.
    """

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="imports")
    contract_version = models.ForeignKey(
        ContractVersion, on_delete=models.PROTECT, related_name="+"
    )
    raw_file = models.ForeignKey(RawFile, on_delete=models.PROTECT, related_name="imports")
    status = StatusField(IMPORT)
    dry_run = models.BooleanField(default=False)
    form = models.CharField(max_length=63, blank=True, default="")
    received = models.BigIntegerField(default=0)
    applied = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    planned = models.BigIntegerField(default=0)
    applied_through = models.BigIntegerField(default=0)
    confirmed_fields = models.JSONField(default=list, blank=True)
    stated = models.JSONField(default=dict, blank=True)
    answer = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True, default="")
    actor_id = models.BigIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="feeds_import_adds_up",
                condition=~Q(status__in=["finished", "held", "refused", "rejected"])
                | Q(
                    received=F("applied") + F("unchanged") + F("quarantined") + F("rejected"),
                ),
            ),
            models.CheckConstraint(
                name="feeds_import_counts",
                condition=Q(
                    received__gte=0,
                    applied__gte=0,
                    unchanged__gte=0,
                    quarantined__gte=0,
                    rejected__gte=0,
                ),
            ),
        ]
        indexes = [models.Index(fields=["feed", "-id"], name="feeds_import_by_feed")]

    def __str__(self) -> str:
        return f"import {self.pk} ({self.status})"


class ImportProfile(Projection):
    """What the file of an import looked like (a ``FileProfile``); history once it is accepted."""

    batch = models.OneToOneField(
        Import, on_delete=models.CASCADE, primary_key=True, related_name="profile"
    )
    profile = models.JSONField()

    class Meta(Projection.Meta):
        pass

    def __str__(self) -> str:
        return f"profile of import {self.batch_id}"


class DriftReport(Record):
    """What was different in a file, and what a person decided; the newest report counts.

    ``findings`` is a list of ``drift.Finding`` as JSON; ``fixes`` what was confirmed.
    """

    batch = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="drift_reports")
    status = StatusField(DRIFT_REPORT)
    findings = models.JSONField()
    fixes = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["status", "-id"], name="feeds_drift_open")]

    def __str__(self) -> str:
        return f"drift in import {self.batch_id} ({self.status})"
