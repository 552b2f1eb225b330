from __future__ import annotations

import random
import time
from pathlib import Path

from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.mapping import MappedRow, Mapper
from lodestock.feeds.domain.rows import Batch, RowEngine, bind, content_hash, split_content
from lodestock.feeds.domain.source import RawRow, open_source, sniff
from lodestock.feeds.testing.mutations import Table
from lodestock.feeds.testing.sample_feed import HEADER, SampleFeed, sample_contract
from lodestock.feeds.types import DocumentKind


def typed(contract: Contract, header: list[str], rows: list[list[str]]) -> Batch:
    engine = RowEngine(contract, bind(contract, header))
    return engine.batch([RawRow(n, n + 1, cells) for n, cells in enumerate(rows, start=1)])


def a_row(**changes: str) -> list[str]:
    row = dict(zip(HEADER, SampleFeed().week(0, 1).rows[0], strict=True)) | changes
    return [row[name] for name in HEADER]


def test_the_order_of_columns_does_not_change_the_content_of_a_row() -> None:
    table = SampleFeed().week(0)
    order = list(range(len(HEADER)))
    random.Random(4).shuffle(order)
    turned = [[row[place] for place in order] for row in table.rows]
    there = typed(sample_contract(), [HEADER[place] for place in order], turned)
    here = typed(sample_contract(), HEADER, table.rows)
    assert list(map(content_hash, here.contents)) == list(map(content_hash, there.contents))


def test_another_spelling_of_the_same_row_has_the_same_content() -> None:
    one = typed(sample_contract(), HEADER, [a_row(Quantity="6", Ordered="1/2/23")])
    other = typed(sample_contract(), HEADER, [a_row(Quantity="6.00", Ordered="01/02/23")])
    assert one.contents == other.contents


def test_a_column_added_later_leaves_the_content_of_older_rows_alone() -> None:
    batch = typed(sample_contract(), HEADER, [a_row()])
    names = [*sample_contract().column_names, "remark"]
    assert split_content(batch.contents[0], names)["remark"] == ""


def test_every_problem_of_a_row_is_named() -> None:
    batch = typed(
        sample_contract(),
        HEADER,
        [a_row(Quantity="many", Price=""), a_row(Ordered="2/9/23", Due="2/1/23")],
    )
    assert {(one.column, one.code) for one in batch.problems[0]} == {
        ("quantity", "invalid_cell"),
        ("price", "missing_value"),
    }
    assert [one.code for one in batch.problems[1]] == ["due_after_order"]


def test_rows_of_one_document_in_a_run_are_one_head() -> None:
    rows = [a_row(Order=order) for order in "AAABBA"]
    batch = typed(sample_contract(), HEADER, rows)
    assert batch.heads == [0, 3, 5]


def test_staged_rows_become_the_documents_of_the_contract() -> None:
    contract = sample_contract()
    table = SampleFeed().week(0, 3)
    batch = typed(contract, HEADER, table.rows)
    mapper = Mapper(contract)
    documents = mapper.documents(
        MappedRow(row.number, row_class, f"k{row.number}", mapper.cells(content))
        for row, row_class, content in zip(batch.rows, batch.classes, batch.contents, strict=True)
    )
    orders = [one for one in documents if one.kind is DocumentKind.SALES_ORDER]
    assert len(orders) == 3
    assert sum(len(order.lines) for order in orders) == len(table.rows)
    assert str(orders[0].lines[0].quantity) == table.rows[0][3]
    # Midnight in Paris is 23:00 UTC of the day before.
    assert orders[0].occurred_at is not None
    assert orders[0].occurred_at.isoformat() == "2023-01-01T23:00:00+00:00"


def test_the_engine_types_tens_of_thousands_of_rows_a_second(tmp_path: Path) -> None:
    feed = SampleFeed()
    rows = [row for week in range(20) for row in feed.week(week, 200).rows]
    path = tmp_path / "many.csv"
    path.write_bytes(Table(list(HEADER), rows).write())
    contract = sample_contract()
    form = sniff(path)
    best = 0.0
    for _ in range(3):
        started = time.process_time()
        with open_source(path, form) as source:
            engine = RowEngine(contract, bind(contract, source.header))
            count = sum(len(batch) for batch in engine.batches(source.rows))
        best = max(best, count / (time.process_time() - started))
    assert count == len(rows)
    # Half of what is promised on a quiet machine; the rate itself belongs to `make bench`.
    assert best > 15_000
