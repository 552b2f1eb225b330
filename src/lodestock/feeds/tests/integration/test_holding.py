from __future__ import annotations

import pytest

from lodestock.eventstore.selectors import stream
from lodestock.feeds import ports, services
from lodestock.feeds.errors import AlreadyDecided
from lodestock.feeds.models import (
    ContractVersion,
    DriftReport,
    FeedRow,
    Import,
    QuarantinedRow,
)
from lodestock.feeds.ports import Alarm, use_bell
from lodestock.feeds.testing.company import counts, sample_version, send
from lodestock.feeds.testing.mutations import Table
from lodestock.feeds.testing.sample_feed import SampleFeed

pytestmark = pytest.mark.django_db


class Listener:
    """A bell that remembers who rang."""

    def __init__(self) -> None:
        self.rung: list[Alarm] = []
        self.cleared: list[str] = []

    def ring(self, alarm: Alarm) -> None:
        self.rung.append(alarm)

    def clear(self, *, rule: str, subject_type: str, subject_id: int, reason: str) -> None:
        self.cleared.append(reason)


@pytest.fixture
def bell():
    before, listener = ports.bell(), Listener()
    use_bell(listener)
    yield listener
    use_bell(before)


def swapped(table: Table, years: int) -> Table:
    """Ordered and Due as d/m/y with so many digits for the year."""
    rows = []
    for row in table.rows:
        new = list(row)
        for place in (6, 7):
            month, day, year = new[place].split("/")
            new[place] = f"{day}/{month}/{'20' * (years == 4)}{year}"
        rows.append(new)
    return Table(table.header, rows)


@pytest.fixture
def version() -> ContractVersion:
    return sample_version()


def held(version: ContractVersion, years: int = 4) -> tuple[Import, Table]:
    week = SampleFeed().week(0)
    send(version, week.write())
    return send(version, swapped(week, years).write(), name="drifted.csv"), week


@pytest.mark.parametrize("years", [4, 2])
def test_a_drifted_file_is_stopped_before_any_row_is_applied(version, bell, years) -> None:
    batch, week = held(version, years)
    answer = services.answer_of(batch)
    assert batch.status == "held"
    assert services.exit_code(batch) == 2
    assert counts(batch) == (0, 0, len(week.rows), 0)
    assert FeedRow.objects.count() == len(week.rows)
    assert {finding["field"] for finding in answer["drift"]} >= {"ordered_at"}
    assert not answer["ok"]


def test_the_alarm_names_field_old_and_new_pattern_and_rows(version, bell) -> None:
    _, week = held(version)
    (alarm,) = bell.rung
    assert alarm.severity == "high"
    finding = alarm.evidence["findings"][0]
    assert finding["old"] == "m/d/yy"
    assert finding["new"].startswith("d/m/yyyy")
    assert finding["rows"] > 0
    assert alarm.evidence["rows"] == len(week.rows)


def test_the_held_rows_keep_their_cells(version, bell) -> None:
    batch, week = held(version)
    row = QuarantinedRow.objects.get(batch=batch, row_number=1)
    assert row.status == "held"
    assert row.cells == swapped(week, 4).rows[0]


def test_a_confirmed_fix_replays_the_file_and_becomes_a_version(version, bell) -> None:
    batch, week = held(version)
    done = services.confirm_drift(DriftReport.objects.get(batch=batch))
    assert counts(done) == (0, len(week.rows), 0, 0)
    assert done.contract_version.version == "1.1"
    assert done.contract_version.status == "active"
    assert bell.cleared
    statuses = set(QuarantinedRow.objects.filter(batch=batch).values_list("status", flat=True))
    assert statuses == {"replayed"}
    names = [event.event_type for event in stream("feeds.import", batch.pk)]
    assert names == ["MessageReceived", "ContractDriftDetected", "Quarantined", "Replayed"]


def test_later_files_in_the_confirmed_spelling_pass_without_a_question(version, bell) -> None:
    batch, _ = held(version)
    services.confirm_drift(DriftReport.objects.get(batch=batch))
    version = services.current_version(version.feed)
    source = SampleFeed()
    source.week(0)
    later = send(version, swapped(source.week(1), 4).write(), name="later.csv")
    assert later.status == "finished"
    assert later.quarantined == 0


def test_a_spelling_that_looks_like_the_old_one_is_only_taken_for_this_file(version, bell) -> None:
    batch, week = held(version, 2)
    done = services.confirm_drift(DriftReport.objects.get(batch=batch))
    assert counts(done) == (0, len(week.rows), 0, 0)
    assert done.contract_version.status == "draft"
    assert services.current_version(version.feed).version == "1.0"
    again = send(version, week.write())
    assert counts(again) == (0, len(week.rows), 0, 0)


def test_new_rows_of_a_confirmed_file_are_applied_exactly_once(version, bell) -> None:
    week = SampleFeed().week(0)
    middle = len({row[0] for row in week.rows}) // 2
    orders = sorted({row[0] for row in week.rows})
    first = [row for row in week.rows if row[0] in orders[:middle]]
    rest = [row for row in week.rows if row[0] not in orders[:middle]]
    send(version, Table(week.header, first).write())
    data = swapped(Table(week.header, rest), 4).write()
    batch = send(version, data, name="drifted.csv")
    done = services.confirm_drift(DriftReport.objects.get(batch=batch))
    assert counts(done) == (len(rest), 0, 0, 0)
    version = services.current_version(version.feed)
    assert counts(send(version, data, name="drifted.csv")) == (0, len(rest), 0, 0)


def test_a_report_is_decided_once(version, bell) -> None:
    batch, _ = held(version)
    report = DriftReport.objects.get(batch=batch)
    services.confirm_drift(report)
    with pytest.raises(AlreadyDecided):
        services.confirm_drift(report)
    with pytest.raises(AlreadyDecided):
        services.reject_drift(report)


def test_a_rejected_file_ends_with_all_rows_rejected(version, bell) -> None:
    batch, week = held(version)
    done = services.reject_drift(DriftReport.objects.get(batch=batch), note="wrong export")
    assert counts(done) == (0, 0, 0, len(week.rows))
    assert bell.cleared
    assert services.raw_path(batch.raw_file).exists()


def test_sending_a_held_file_again_asks_the_same_question_not_a_second_one(version, bell) -> None:
    batch, week = held(version)
    again = send(version, swapped(week, 4).write(), name="drifted.csv")
    assert again.pk == batch.pk
    assert DriftReport.objects.count() == 1
    assert counts(again) == (0, 0, len(week.rows), 0)


def test_an_unknown_column_is_accepted_and_recorded_with_a_proposal(version, bell) -> None:
    week = SampleFeed().week(0)
    wider = Table([*week.header, "Remark"], [[*row, "x"] for row in week.rows])
    batch = send(version, wider.write())
    report = DriftReport.objects.get(batch=batch)
    assert counts(batch)[0] == len(week.rows)
    assert report.status == "recorded"
    assert report.findings[0]["severity"] == "additive"
    assert report.findings[0]["fix"]["action"] == "add_column"
    assert not bell.rung
