"""Feeds, what their files mean, and what they usually look like."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lodestock.feeds.domain.lifecycle import CONTRACT_VERSION
from lodestock.kernel.fields import StatusField
from lodestock.kernel.models import Projection, Record


class Feed(Record):
    """One stream of files that tell about the same things; its contract has the same name."""

    code = models.CharField(max_length=63, unique=True)
    title = models.CharField(max_length=200)

    class Meta(Record.Meta):
        pass

    def __str__(self) -> str:
        return self.code


class ContractVersion(Record):
    """One version of a feed's contract. ``document`` is the checked content of the YAML file.

    ``origin`` is "file" for a contract somebody wrote, "drift" for one made of a confirmed fix.
    """

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="versions")
    major = models.IntegerField()
    minor = models.IntegerField()
    status = StatusField(CONTRACT_VERSION)
    document = models.JSONField()
    origin = models.CharField(max_length=10, default="file")
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["feed", "major", "minor"], name="feeds_version_once"),
            models.UniqueConstraint(
                fields=["feed"], condition=Q(status="active"), name="feeds_one_active_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feed_id} v{self.version}"

    @property
    def version(self) -> str:
        return f"{self.major}.{self.minor}"


class FeedHistory(Projection):
    """What the accepted files of a feed looked like, added up per declared form.

    Rebuildable by reading the accepted raw files again. ``profile`` is a ``FileProfile``.
    """

    id = models.BigAutoField(primary_key=True)
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="histories")
    form = models.CharField(max_length=63, blank=True, default="")
    profile = models.JSONField()
    files = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(Projection.Meta):
        constraints = [
            models.UniqueConstraint(fields=["feed", "form"], name="feeds_history_per_form")
        ]

    def __str__(self) -> str:
        return f"{self.feed_id}/{self.form or 'only form'}: {self.files} files"
