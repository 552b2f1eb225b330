"""Questions about feeds, their imports, drift and quarantine."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from django.db.models import QuerySet

from lodestock.feeds.domain.lifecycle import QuarantineStatus
from lodestock.feeds.errors import UnknownRecord
from lodestock.feeds.models import (
    ContractVersion,
    DriftReport,
    Feed,
    Import,
    QuarantinedRow,
    RawFile,
)
from lodestock.kernel.errors import NotFound
from lodestock.kernel.principals import Principal


def find_import(import_id: int) -> Import:
    """The import with this key. Raises ``UnknownRecord``."""
    batch = Import.objects.filter(pk=import_id).first()
    if batch is None:
        raise UnknownRecord(f"There is no import with the key {import_id}.")
    return batch


def feeds_visible_to(principal: Principal) -> QuerySet[Feed]:
    """Whoever may look at feeds sees all of them; portal users may not look (``permissions``)."""
    return Feed.objects.all()


def versions_visible_to(principal: Principal) -> QuerySet[ContractVersion]:
    return ContractVersion.objects.select_related("feed")


def imports_visible_to(principal: Principal) -> QuerySet[Import]:
    return Import.objects.select_related("feed", "contract_version", "raw_file")


def reports_visible_to(principal: Principal) -> QuerySet[DriftReport]:
    return DriftReport.objects.select_related("batch", "batch__feed")


def rows_visible_to(principal: Principal) -> QuerySet[QuarantinedRow]:
    return QuarantinedRow.objects.select_related("batch", "batch__feed")


def files_visible_to(principal: Principal) -> QuerySet[RawFile]:
    return RawFile.objects.all()


def find_report(name: str) -> DriftReport:
    """The newest drift report with this id, or of the file with this path or sha256.

    Raises ``UnknownRecord`` naming what was looked for.
    """
    try:
        return DriftReport.objects.by_sqid(name)
    except NotFound:
        pass
    digest = _digest(name)
    found = DriftReport.objects.filter(batch__raw_file__sha256__startswith=digest or "-")
    report = found.order_by("-id").first()
    if report is None:
        raise UnknownRecord(
            f"There is no drift report {name!r}: give its id (import_feed prints it), the path of "
            "the file, or at least eight digits of its sha256.",
            report=name,
        )
    return report


def _digest(name: str) -> str:
    if re.fullmatch(r"[0-9a-f]{8,64}", name):
        return name
    path = Path(name)
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_rows(*, feed: str = "") -> QuerySet[QuarantinedRow]:
    """Which rows wait for a person? Newest import first, in file order."""
    rows = QuarantinedRow.objects.filter(status=QuarantineStatus.OPEN, active=True)
    if feed:
        rows = rows.filter(batch__feed__code=feed)
    return rows.order_by("-batch_id", "row_number")


def feed_by_code(code: str) -> Feed:
    """The feed of that name. Raises ``UnknownRecord`` naming the known ones."""
    feed = Feed.objects.filter(code=code).first()
    if feed is None:
        known = ", ".join(Feed.objects.order_by("code").values_list("code", flat=True)[:20])
        raise UnknownRecord(f"There is no feed {code!r}; known: {known or 'none'}.", feed=code)
    return feed


def latest_import(feed: Feed) -> Import | None:
    """The newest import of a feed, dry runs left out."""
    return feed.imports.filter(dry_run=False).order_by("-id").first()
