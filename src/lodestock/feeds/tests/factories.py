"""Legal rows for tests, through services; see ``ROWS`` for the lists of the API."""

from __future__ import annotations

from collections.abc import Callable

from lodestock.feeds.models import ContractVersion, Feed, Import, QuarantinedRow
from lodestock.feeds.testing.company import sample_version, send, send_rows
from lodestock.feeds.testing.mutations import Table
from lodestock.feeds.testing.sample_feed import SampleFeed


def make_feeds(n: int) -> None:
    """``n`` more feeds, each with its contract."""
    first = Feed.objects.count()
    for number in range(first, first + n):
        sample_version(contract=f"orders_{number}", title=f"Orders {number}")


def make_versions(n: int) -> None:
    """``n`` more versions of one feed's contract."""
    first = ContractVersion.objects.filter(feed__code="versions").count()
    for number in range(first, first + n):
        sample_version(contract="versions", version=f"1.{number}")


def make_imports(n: int) -> None:
    """``n`` more imports of different small files."""
    first = Import.objects.count()
    version = sample_version()
    for number in range(first, first + n):
        table = SampleFeed(seed=1_000 + number).week(number, 1)
        send_rows(version, table.rows[:1], name=f"week-{number}.csv")


def make_reports(n: int) -> None:
    """``n`` more files that bring a column nobody has declared."""
    first = Import.objects.count()
    version = sample_version()
    for number in range(first, first + n):
        table = SampleFeed(seed=2_000 + number).week(number, 1)
        wider = Table([*table.header, "Remark"], [[*row, "x"] for row in table.rows[:1]])
        send(version, wider.write(), name=f"wider-{number}.csv")


def make_quarantined(n: int) -> None:
    """``n`` more rows whose quantity is a word."""
    first = QuarantinedRow.objects.count()
    version = sample_version()
    rows = SampleFeed(seed=3_000 + first).week(0, 40).rows
    # One bad row in twenty is a bad row; more would be drift.
    sound, bad = rows[: 20 * n + 20], []
    for number, row in enumerate(SampleFeed(seed=4_000 + first).week(1, n).rows[:n]):
        order = f"Q{first + number}"
        bad.append([order, row[1], row[2], "many", *row[4:]])
    while len(sound) < 20 * len(bad):
        sound += [[f"{row[0]}-{len(sound)}", *row[1:]] for row in sound]
    send_rows(version, [*sound, *bad], name=f"bad-{first}.csv")


ROWS: dict[str, Callable[[int], None]] = {
    "feeds": make_feeds,
    "contract-versions": make_versions,
    "raw-files": make_imports,
    "imports": make_imports,
    "drift-reports": make_reports,
    "quarantined-rows": make_quarantined,
}
