from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from lodestock.feeds.domain.source import Limits, RawRow, open_source, sniff
from lodestock.feeds.errors import FileTooLarge


def rows_of(path: Path, **limits: int) -> list[RawRow]:
    with open_source(path, sniff(path), limits=Limits(**limits)) as source:
        return list(source.rows)


def put(folder: Path, data: bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(data)
    return path


def test_rows_are_numbered_and_know_the_line_they_begin_on(tmp_path) -> None:
    rows = rows_of(put(tmp_path, b'a,b\n1,"two\nlines"\n\n3,4\n'))
    assert [(row.number, row.line) for row in rows] == [(1, 2), (2, 5)]


def test_a_row_with_too_many_or_too_few_cells_is_kept_with_its_problem(tmp_path) -> None:
    rows = rows_of(put(tmp_path, b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,\n"))
    assert [row.problem for row in rows] == [
        "",
        "2 cells where the header has 3",
        "4 cells where the header has 3",
        "",
    ]
    assert rows[1].cells == ["1", "2"]


def test_broken_quotes_spoil_one_row_and_not_its_neighbours(tmp_path) -> None:
    rows = rows_of(put(tmp_path, b'a,b\n1,"x" y\n2,z\n'))
    assert "cannot be split" in rows[0].problem
    assert rows[1].cells == ["2", "z"]


def test_a_quote_never_closed_is_refused_before_it_fills_the_memory(tmp_path) -> None:
    data = b'a,b\n1,"opened\n' + b"2,plenty of text in this line\n" * 10_000
    with pytest.raises(FileTooLarge, match="never closed"):
        rows_of(put(tmp_path, data), field_max=10_000)


def test_a_line_without_end_is_refused(tmp_path) -> None:
    with pytest.raises(FileTooLarge, match="longer than"):
        rows_of(put(tmp_path, b"a,b\n" + b"x" * 50_000), line_max=10_000)


@pytest.mark.parametrize("ends", [b"\n", b"\r"])
def test_memory_does_not_grow_with_the_file(tmp_path, ends) -> None:
    def peak(count: int) -> int:
        path = put(tmp_path, ends.join([b"a,b,c", *[b"1,some text,3.50"] * count]) + ends)
        form = sniff(path)
        tracemalloc.start()
        with open_source(path, form) as source:
            for _ in source.rows:
                pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(60_000) < peak(3_000) * 1.1 + 4_096
