from __future__ import annotations

import csv
import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from lodestock.feeds.domain.source import Limits, open_source, sniff
from lodestock.feeds.errors import FileTooLarge, UnreadableFile

ROWS = [["id", "name", "amount"], ["1", "Crème brûlée", "2.50"], ["2", 'a "quoted", one', "3"]]


def written(separator: str = ",", ends: str = "\r\n", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=ends).writerows(ROWS)
    return out.getvalue().encode(encoding)


def put(folder: Path, data: bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def read(path: Path) -> list[list[str]]:
    form = sniff(path)
    with open_source(path, form) as source:
        return [list(source.header), *[row.cells for row in source.rows]]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_found_and_the_rows_read(tmp_path, separator, ends) -> None:
    path = put(tmp_path, written(separator, ends))
    form = sniff(path)
    assert form.separator == separator
    assert form.line_ends == {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}[ends]
    assert read(path) == ROWS


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_the_encoding_is_found_and_the_accents_survive(tmp_path, encoding, stated) -> None:
    path = put(tmp_path, written(encoding=encoding))
    assert sniff(path).encoding == stated
    assert read(path) == ROWS


def test_an_accent_far_behind_the_sample_still_decides_the_encoding(tmp_path) -> None:
    body = b"id,name\r\n" + b"1,plain\r\n" * 300_000 + b"2,caf\xe9\r\n"
    form = sniff(put(tmp_path, body))
    assert form.encoding == "cp1252"
    assert "is not UTF-8" in form.evidence["encoding"]


def test_ascii_is_said_to_prove_no_encoding(tmp_path) -> None:
    assert sniff(put(tmp_path, b"a,b\n1,2\n")).ascii_only


@pytest.mark.parametrize("wrap", ["gzip", "zip"])
def test_packed_files_are_read_like_plain_ones(tmp_path, wrap) -> None:
    path = tmp_path / "packed"
    if wrap == "gzip":
        path.write_bytes(gzip.compress(written()))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("orders.csv", written())
            archive.writestr("__MACOSX/orders.csv", b"noise")
    assert sniff(path).compression == wrap
    assert read(path) == ROWS


@pytest.mark.parametrize("wrap", ["gzip", "zip"])
def test_a_file_that_unpacks_to_far_more_than_it_weighs_is_refused(tmp_path, wrap) -> None:
    bomb = b"a,b\n" + b"0,0\n" * 2_000_000
    path = tmp_path / "bomb"
    if wrap == "gzip":
        path.write_bytes(gzip.compress(bomb))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.csv", bomb)
    with pytest.raises(FileTooLarge, match="times its size"):
        sniff(path, limits=Limits(ratio_floor=1 << 20))


def test_a_zip_with_two_files_is_refused_naming_them(tmp_path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "y")
    with pytest.raises(UnreadableFile, match=r"a\.csv, b\.csv"):
        sniff(path)


def test_a_damaged_gzip_is_refused_saying_where(tmp_path) -> None:
    whole = gzip.compress(written() * 5_000)
    with pytest.raises(UnreadableFile, match="damaged after"):
        sniff(put(tmp_path, whole[: len(whole) // 2]))


@pytest.mark.parametrize(
    "data",
    [b"", b"   \n \n", bytes(range(256)) * 50, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99],
    ids=["empty", "blank", "binary", "old office"],
)
def test_what_is_no_table_is_refused_with_the_next_step(tmp_path, data) -> None:
    with pytest.raises(UnreadableFile):
        sniff(put(tmp_path, data))


def test_a_file_over_the_cap_is_refused_before_it_is_read(tmp_path) -> None:
    with pytest.raises(FileTooLarge, match="at most 10"):
        sniff(put(tmp_path, written()), limits=Limits(bytes_max=10))


def test_a_workbook_keeps_text_as_text_and_numbers_as_typed(tmp_path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Orders")
        sheet.write_row(0, 0, ["batch", "count", "price", "empty"])
        sheet.write_string(1, 0, "00123")
        sheet.write_number(1, 1, 12)
        sheet.write_number(1, 2, 2.5)
    assert sniff(path).kind == "xlsx"
    assert read(path)[1] == ["00123", "12", "2.5", ""]


def test_a_workbook_with_two_filled_sheets_asks_which(tmp_path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("May", "June"):
            book.add_worksheet(name).write_row(0, 0, ["a", "b"])
    with pytest.raises(UnreadableFile, match="2 sheets hold rows"):
        read(path)


def test_json_numbers_keep_every_digit(tmp_path) -> None:
    path = put(tmp_path, b'[{"id": 1, "price": 0.10}, {"id": 2, "price": 1e2, "note": null}]')
    assert read(path) == [["id", "price", "note"], ["1", "0.10", ""], ["2", "1e2", ""]]


def test_json_lines_name_the_broken_line(tmp_path) -> None:
    path = put(tmp_path, b'{"id": 1}\n{"id": \n')
    with pytest.raises(UnreadableFile, match="line 2"):
        read(path)


def test_a_json_array_that_breaks_off_is_refused(tmp_path) -> None:
    with pytest.raises(UnreadableFile):
        read(put(tmp_path, b'[{"id": 1}, {"id": 2'))


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=30,
    )
)
def test_any_text_in_cells_comes_back_as_it_was_written(rows) -> None:
    rows = [["k1", "k2", "k3"], *[[f"x{cell}" for cell in row] for row in rows]]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(out.getvalue().encode())
        file.flush()
        assert read(Path(file.name)) == rows
