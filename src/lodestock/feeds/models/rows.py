"""Rows: known ones, those on their way, and those that wait for a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.feeds.domain.lifecycle import QUARANTINED_ROW
from lodestock.feeds.domain.planning import Fate
from lodestock.kernel.fields import EnumField, StatusField
from lodestock.kernel.models import Fact, Projection, Record

from .contracts import Feed
from .imports import Import


class FeedRow(Fact):
    """A row this feed has told us and we have taken: how a second telling is known as unchanged.

    ``key_hash`` names the row, ``content_hash`` its typed content, ``occurrence`` tells equal rows
    apart, ``place`` numbers different rows of one key. ``content`` is the canonical text, so that
    a later difference can be shown as old and new. ``document`` and ``moment`` date its document.
    """

    feed = models.ForeignKey(
        Feed, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    batch = models.ForeignKey(
        Import, on_delete=models.PROTECT, related_name="rows", db_constraint=False, db_index=False
    )
    row_number = models.BigIntegerField()
    key_hash = models.BinaryField(max_length=16)
    content_hash = models.BinaryField(max_length=16)
    occurrence = models.IntegerField()
    place = models.IntegerField()
    document = models.TextField()
    moment = models.TextField(blank=True, default="")
    content = models.TextField()
    flag = models.CharField(max_length=63, blank=True, default="")

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "key_hash", "content_hash", "occurrence"],
                name="feeds_row_known_once",
            )
        ]
        indexes = [
            models.Index(fields=["feed", "document"], name="feeds_row_by_document"),
        ]

    def __str__(self) -> str:
        return f"row {self.row_number} of import {self.batch_id}"


class StagedRow(Projection):
    """A parsed row that is not yet decided. Emptied when its import ends; can be parsed again.

    ``cells`` are the original cells joined by U+001F; ``problem`` the reasons it cannot be taken.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    row_number = models.BigIntegerField()
    line = models.BigIntegerField()
    key_hash = models.BinaryField(max_length=16)
    content_hash = models.BinaryField(max_length=16)
    row_class = models.CharField(max_length=63)
    document = models.TextField()
    moment = models.TextField()
    content = models.TextField()
    cells = models.TextField()
    problem = models.JSONField(null=True)

    class Meta(Projection.Meta):
        constraints = [
            models.UniqueConstraint(fields=["batch", "row_number"], name="feeds_staged_once")
        ]

    def __str__(self) -> str:
        return f"staged row {self.row_number} of import {self.batch_id}"


class PlannedRow(Projection):
    """What is to happen to a staged row: see ``domain.planning.Fate``.

    ``seq`` is the place in the order of application (0 for rows that are not applied): documents
    in the order of time, the rows of one document together.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    row_number = models.BigIntegerField()
    seq = models.BigIntegerField()
    occurrence = models.IntegerField()
    place = models.IntegerField()
    fate = EnumField(Fate)

    class Meta(Projection.Meta):
        constraints = [
            models.UniqueConstraint(fields=["batch", "row_number"], name="feeds_planned_once")
        ]
        indexes = [
            models.Index(
                fields=["batch", "seq"], condition=Q(seq__gt=0), name="feeds_planned_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"planned row {self.row_number} of import {self.batch_id}: {self.fate}"


class QuarantinedRow(Record):
    """A row that waits for a person, with its original cells and the reason.

    ``cells`` is the list of original texts in file order; ``header`` names them. ``fix`` holds the
    texts a person put in their place, by column. It is replayed at most once.
    """

    batch = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="quarantined_rows")
    row_number = models.BigIntegerField()
    line = models.BigIntegerField()
    status = StatusField(QUARANTINED_ROW)
    code = models.CharField(max_length=63)
    field = models.CharField(max_length=63, blank=True, default="")
    reason = models.TextField()
    cells = models.JSONField()
    fix = models.JSONField(null=True, blank=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["batch", "row_number"], name="feeds_quarantined_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="feeds_quarantined_for_a_reason"),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="feeds_quarantine_open")]

    def __str__(self) -> str:
        return f"row {self.row_number} of import {self.batch_id}: {self.code}"
