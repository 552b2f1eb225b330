from __future__ import annotations

import hashlib
from decimal import Decimal
from io import BytesIO

import pytest

from lodestock.eventstore.selectors import stream
from lodestock.feeds import services
from lodestock.feeds.errors import ContractDiffers, InvalidContract
from lodestock.feeds.models import FeedRow, Import, QuarantinedRow, RawFile, StagedRow
from lodestock.feeds.testing.company import (
    counts,
    sample_version,
    send,
    send_rows,
    write_contract,
)
from lodestock.feeds.testing.mutations import Table
from lodestock.feeds.testing.sample_feed import SampleFeed

pytestmark = pytest.mark.django_db


def test_every_row_of_a_clean_file_is_applied_and_the_totals_are_exact() -> None:
    table = SampleFeed().week(0)
    batch = send(sample_version(), table.write())
    answer = services.answer_of(batch)
    assert counts(batch) == (len(table.rows), 0, 0, 0)
    assert answer["ok"] is True
    assert answer["totals"]["sales_orders"] == {
        "count": len({row[0] for row in table.rows}),
        "value": str(sum(Decimal(row[5]) for row in table.rows)),
    }
    assert answer["classes"] == {"sale": len(table.rows)}
    assert not StagedRow.objects.exists()


def test_the_bytes_are_kept_under_their_digest() -> None:
    data = SampleFeed().week(0).write()
    batch = send(sample_version(), data)
    assert batch.raw_file.sha256 == hashlib.sha256(data).hexdigest()
    assert services.raw_path(batch.raw_file).read_bytes() == data


def test_the_same_file_again_and_the_same_rows_in_another_form_are_unchanged() -> None:
    version = sample_version()
    table = SampleFeed().week(0)
    send(version, table.write())
    again = send(version, table.write())
    other = send(version, Table(table.header[::-1], [row[::-1] for row in table.rows]).write())
    assert counts(again) == counts(other) == (0, len(table.rows), 0, 0)
    assert RawFile.objects.count() == 2
    assert FeedRow.objects.count() == len(table.rows)


def test_a_file_that_repeats_a_part_applies_only_the_rest() -> None:
    version = sample_version()
    table = SampleFeed().week(0)
    part = len(table.rows) // 10
    send_rows(version, table.rows[:part])
    whole = send_rows(version, table.rows)
    assert counts(whole) == (len(table.rows) - part, part, 0, 0)


def test_the_goods_that_left_were_opened_before_and_their_quantity_is_stated() -> None:
    table = SampleFeed().week(0)
    batch = send(sample_version(), table.write())
    openings = services.answer_of(batch)["openings"]
    assert openings["lines"] == len(table.rows)
    assert Decimal(openings["quantity"]) == sum(Decimal(row[3]) for row in table.rows)


def test_a_dry_run_says_what_would_happen_and_changes_nothing() -> None:
    version = sample_version()
    table = SampleFeed().week(0)
    raw = services.store_stream(_stream(table), name="dry.csv")
    batch = services.run_import(services.open_import(version, raw, dry_run=True))
    assert counts(batch) == (len(table.rows), 0, 0, 0)
    assert services.answer_of(batch)["dry_run"] is True
    assert not FeedRow.objects.exists()
    assert counts(send(version, table.write()))[0] == len(table.rows)


def _stream(table: Table):
    return BytesIO(table.write())


def test_rows_that_cannot_be_taken_are_put_aside_with_cells_and_reason() -> None:
    table = SampleFeed().week(0)
    table.rows[5][3] = "NaN"
    table.rows[6][3] = "-2"
    table.rows[7] = table.rows[7][:4]
    batch = send(sample_version(), table.write())
    assert counts(batch) == (len(table.rows) - 3, 0, 3, 0)
    assert services.exit_code(batch) == 1
    rows = {row.row_number: row for row in QuarantinedRow.objects.filter(batch=batch)}
    assert rows[6].cells == table.rows[5]
    assert "NaN is not a number" in rows[6].reason
    assert "below" in rows[7].reason
    assert "4 cells where the header has 11" in rows[8].reason


def test_a_second_row_with_the_key_of_another_is_rejected_or_put_aside() -> None:
    table = SampleFeed().week(0)
    twin, clash = list(table.rows[0]), list(table.rows[1])
    clash[3] = "999"
    batch = send_rows(sample_version(), [*table.rows, twin, clash])
    assert counts(batch) == (len(table.rows), 0, 1, 1)
    assert "same key" in QuarantinedRow.objects.get(batch=batch).reason


def test_one_row_that_changed_is_put_aside_with_old_and_new() -> None:
    version = sample_version()
    table = SampleFeed().week(0)
    send(version, table.write())
    before, table.rows[4][4] = table.rows[4][4], "77.77"
    batch = send(version, table.write(), name="corrected.csv")
    assert counts(batch) == (0, len(table.rows) - 1, 1, 0)
    reason = QuarantinedRow.objects.get(batch=batch).reason
    assert f"price: {before.rstrip('0').rstrip('.')} → 77.77" in reason


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03" * 500, "not a text file"),
        (b"who,what\n1,2\n", "Only 0 of 11 columns"),
    ],
)
def test_a_file_that_is_not_of_this_feed_is_refused_and_kept(data, words) -> None:
    batch = send(sample_version(), data)
    answer = services.answer_of(batch)
    assert batch.status == "refused"
    assert services.exit_code(batch) == 2
    assert words in answer["error"]
    assert counts(batch) == (0, 0, 0, 0)
    assert services.raw_path(batch.raw_file).read_bytes() == data
    assert not StagedRow.objects.exists()


def test_a_registered_version_is_never_changed(tmp_path) -> None:
    services.register_contract_file(write_contract(tmp_path))
    text = write_contract(tmp_path).read_text().replace("Europe/Paris", "Europe/Berlin")
    with pytest.raises(ContractDiffers, match="Raise the version"):
        services.register_contract_file(write_contract(tmp_path, text))


def test_a_contract_with_mistakes_is_refused_before_anything_is_stored(tmp_path) -> None:
    with pytest.raises(InvalidContract, match="identity"):
        services.register_contract_file(write_contract(tmp_path, "contract: x\nversion: '1.0'\n"))
    assert not Import.objects.exists()


def test_the_message_is_an_event() -> None:
    batch = send(sample_version(), SampleFeed().week(0).write())
    events = stream("feeds.import", batch.pk)
    assert [event.event_type for event in events] == ["MessageReceived"]
    assert events[0].payload["sha256"] == batch.raw_file.sha256


def test_redacted_bytes_leave_digest_and_reason() -> None:
    batch = send(sample_version(), SampleFeed().week(0).write())
    services.redact(batch.raw_file, reason="asked for by a customer")
    with pytest.raises(Exception, match="asked for by a customer"):
        services.raw_path(batch.raw_file)
    assert RawFile.objects.get().sha256 == batch.raw_file.sha256
