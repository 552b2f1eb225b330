from __future__ import annotations

import pytest

from lodestock.feeds import services
from lodestock.feeds.errors import AlreadyDecided, StillWrong
from lodestock.feeds.models import FeedRow, Import, QuarantinedRow
from lodestock.feeds.testing.company import counts, sample_version, send, send_rows
from lodestock.feeds.testing.sample_feed import SampleFeed

pytestmark = pytest.mark.django_db


@pytest.fixture
def bad() -> tuple[Import, QuarantinedRow, list[list[str]]]:
    table = SampleFeed().week(0)
    table.rows[2][3] = "twelve"
    batch = send(sample_version(), table.write())
    return batch, QuarantinedRow.objects.get(batch=batch), table.rows


def test_a_fixed_row_is_applied_and_the_counts_still_add_up(bad) -> None:
    batch, row, rows = bad
    done = services.fix_and_replay(row, cells={"quantity": "12"})
    assert done.status == "replayed"
    assert counts(Import.objects.get(pk=batch.pk)) == (len(rows), 0, 0, 0)
    assert FeedRow.objects.count() == len(rows)


def test_a_row_is_replayed_exactly_once(bad) -> None:
    _, row, rows = bad
    services.fix_and_replay(row, cells={"quantity": "12"})
    with pytest.raises(AlreadyDecided):
        services.fix_and_replay(row, cells={"quantity": "12"})
    assert FeedRow.objects.count() == len(rows)


def test_a_fix_that_is_no_fix_changes_nothing_and_says_why(bad) -> None:
    batch, row, rows = bad
    with pytest.raises(StillWrong, match="dozen is not a number"):
        services.fix_and_replay(row, cells={"Quantity": "dozen"})
    assert QuarantinedRow.objects.get(pk=row.pk).status == "open"
    assert counts(Import.objects.get(pk=batch.pk)) == (len(rows) - 1, 0, 1, 0)


def test_the_original_cells_stay_beside_the_fix(bad) -> None:
    _, row, _ = bad
    done = services.fix_and_replay(row, cells={"quantity": "12"})
    assert done.cells[3] == "twelve"
    assert done.fix == {"quantity": "12"}


def test_the_corrected_file_sent_later_finds_the_fixed_row_unchanged(bad) -> None:
    batch, row, rows = bad
    services.fix_and_replay(row, cells={"quantity": "12"})
    rows[2][3] = "12"
    assert counts(send_rows(batch.contract_version, rows)) == (0, len(rows), 0, 0)


def test_a_rejected_row_is_counted_and_cannot_be_replayed(bad) -> None:
    batch, row, rows = bad
    services.reject_row(row, reason="the customer never ordered it")
    assert counts(Import.objects.get(pk=batch.pk)) == (len(rows) - 1, 0, 0, 1)
    with pytest.raises(AlreadyDecided):
        services.fix_and_replay(row, cells={"quantity": "12"})


def test_a_broken_line_needs_all_its_cells() -> None:
    table = SampleFeed().week(0)
    whole, table.rows[4] = table.rows[4], table.rows[4][:3]
    batch = send(sample_version(), table.write())
    row = QuarantinedRow.objects.get(batch=batch)
    with pytest.raises(StillWrong, match="give all 11"):
        services.fix_and_replay(row, cells={"quantity": "1"})
    done = services.fix_and_replay(row, cells=dict(zip(table.header, whole, strict=True)))
    assert done.status == "replayed"


def test_a_correction_of_a_known_row_is_taken_when_a_person_accepts_it() -> None:
    version = sample_version()
    table = SampleFeed().week(0)
    send(version, table.write())
    price, quantity = "77.77", int(table.rows[4][3])
    table.rows[4][4], table.rows[4][5] = price, f"{quantity * 77.77:.2f}"
    batch = send(version, table.write(), name="corrected.csv")
    row = QuarantinedRow.objects.get(batch=batch)
    with pytest.raises(StillWrong, match="another content"):
        services.fix_and_replay(row)
    services.fix_and_replay(row, accept_change=True)
    assert counts(Import.objects.get(pk=batch.pk)) == (1, len(table.rows) - 1, 0, 0)
    again = send(version, table.write(), name="corrected.csv")
    assert counts(again) == (0, len(table.rows), 0, 0)
