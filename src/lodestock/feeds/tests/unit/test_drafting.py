"""A contract drafted from somebody's own file: what is seen, what is asked, what is refused."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.feeds.domain.contract import Contract, parse_contract
from lodestock.feeds.domain.drafting import Draft, Wishes, draft
from lodestock.feeds.domain.rows import bind
from lodestock.feeds.domain.source import open_source, sniff
from lodestock.feeds.errors import UnreadableFile
from lodestock.kernel.errors import InvalidInput

PLAIN = "SKU;Qty;Bin\nA-1;3;R1\nA-2;4;R2\n"


def drafted(folder: Path, text: str, **wishes: object) -> Draft:
    path = folder / "stock.csv"
    path.write_text(text, encoding="utf-8")
    return draft(path, Wishes(**wishes))


def contract(found: Draft) -> Contract:
    return parse_contract(found.text)


def column(found: Draft, name: str):
    return contract(found).column(name)


def test_a_plain_list_needs_no_check(tmp_path) -> None:
    found = drafted(tmp_path, PLAIN, name="Mein Lager", currency="CHF", site="ZH")
    made = contract(found)
    assert found.checks == ()
    assert (made.name, made.version, made.mapping["currency"]) == ("mein_lager", "1.0", "CHF")
    assert made.identity.key == ("sku", "location")
    assert made.mapping["site"] == "ZH"
    assert made.mapping["products"]["uom"] == "each"
    assert made.mapping["documents"][0]["line"] == {"quantity": "quantity", "place": "location"}


def test_what_stands_above_the_headings_is_found_and_left_out(tmp_path) -> None:
    text = "Stock list May;;\nprinted by hand;;\n;;\n" + PLAIN
    assert contract(drafted(tmp_path, text)).format.header_row == 4
    path = tmp_path / "stock.csv"
    form = sniff(path).placed(header_row=4)
    with open_source(path, form) as source:
        assert source.header == ("SKU", "Qty", "Bin")
        assert [(row.line, row.cells[0]) for row in source.rows] == [(5, "A-1"), (6, "A-2")]


def test_the_longest_sheet_is_taken_unless_another_is_named(tmp_path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in (("Old", 2), ("New", 5)):
            sheet = book.add_worksheet(name)
            sheet.write_row(1, 0, ["SKU", "Qty"])
            for number in range(rows):
                sheet.write_row(2 + number, 0, [f"{name}-{number}", number])
    made = contract(draft(path, Wishes()))
    assert (made.format.sheet, made.format.header_row) == ("New", 2)
    assert contract(draft(path, Wishes(sheet="Old"))).format.sheet == "Old"
    with open_source(path, sniff(path).placed(sheet="Old", header_row=2)) as source:
        assert [(row.line, row.cells) for row in source.rows] == [
            (3, ["Old-0", "0"]),
            (4, ["Old-1", "1"]),
        ]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Artikel-Nr.", "sku"),
        ("MATERIAL NUMBER", "sku"),
        ("Réf.", "sku"),
        ("Stock code", "sku"),
        ("Qty (pcs)", "quantity"),
        ("Lagerbestand", "quantity"),
        ("On-hand", "quantity"),
    ],
)
def test_headings_are_known_in_many_spellings(tmp_path, heading, role) -> None:
    other = "Menge" if role == "sku" else "Item"
    found = contract(drafted(tmp_path, f"{heading};{other}\n7;3\n8;4\n"))
    assert found.column(role).header == heading


def test_a_column_nobody_knows_is_named_by_the_user(tmp_path) -> None:
    text = "Dings;Haufen\nA-1;3\nA-2;4\n"
    with pytest.raises(InvalidInput, match="Which column is the sku and which the quantity") as no:
        drafted(tmp_path, text)
    assert "--is sku=HEADING --is quantity=HEADING" in no.value.detail
    assert "'Dings', 'Haufen'" in no.value.detail
    found = drafted(tmp_path, text, means={"sku": "Dings", "quantity": "Haufen"})
    assert column(found, "quantity").header == "Haufen"
    with pytest.raises(InvalidInput, match="No column is headed 'Bunch'"):
        drafted(tmp_path, text, means={"sku": "Bunch"})
    with pytest.raises(InvalidInput, match="'shoe' is no role"):
        drafted(tmp_path, text, means={"shoe": "Dings"})


def test_two_columns_of_one_name_are_no_guess(tmp_path) -> None:
    with pytest.raises(InvalidInput, match="2 columns are headed 'Qty'"):
        drafted(tmp_path, "SKU;Qty;Qty\nA;1;2\nB;3;4\n")


def test_codes_keep_their_zeros(tmp_path) -> None:
    found = drafted(tmp_path, "SKU;Qty;Box\n00123;1;007\n00124;2;008\n")
    assert column(found, "sku").type == "code"
    assert column(found, "box").type == "code"


def test_decimal_commas_and_thousands_are_found(tmp_path) -> None:
    found = drafted(tmp_path, "SKU;Qty;Cost\nA;1.234,5;0,25\nB;7,0;1,50\n")
    quantity, cost = column(found, "quantity"), column(found, "cost")
    assert (quantity.decimal, quantity.thousands, quantity.type) == (",", ".", "quantity")
    assert (cost.decimal, cost.type) == (",", "money")
    assert found.checks == ()


def test_a_number_that_may_be_thousands_is_asked_about(tmp_path) -> None:
    (check,) = drafted(tmp_path, "SKU;Qty\nA;1.500\nB;2.000\n").checks
    assert "1.500 is read with a decimal point" in check
    assert "decimal: ',', thousands: '.'" in check


def test_words_for_nothing_are_no_zero(tmp_path) -> None:
    rows = "".join(f"A{n};{n}\n" for n in range(1, 9))
    found = drafted(tmp_path, f"SKU;Qty\n{rows}B;n/a\nC;-\n")
    assert column(found, "quantity").sentinels == {"n/a": "not_stated", "-": "not_stated"}
    assert found.checks == ()


def test_cells_that_do_not_fit_are_named_with_their_line(tmp_path) -> None:
    rows = "".join(f"A{n};{n}\n" for n in range(1, 9))
    (check,) = drafted(tmp_path, f"SKU;Qty\n{rows}B;12 pcs\n").checks
    assert "1 cell(s) do not fit" in check
    assert "line 10: '12 pcs'" in check


def test_dates_are_read_and_doubtful_ones_asked_about(tmp_path) -> None:
    sure = drafted(tmp_path, "SKU;Qty;Counted\nA;1;31.12.2025\nB;2;1.2.2026\n")
    assert column(sure, "counted").patterns == ("d.m.yyyy",)
    assert sure.checks == ()
    (check,) = drafted(tmp_path, "SKU;Qty;Counted\nA;1;3/4/26\nB;2;5/6/26\n").checks
    assert "can also be read as" in check


def test_units_are_translated_and_unknown_ones_asked_about(tmp_path) -> None:
    found = drafted(tmp_path, "SKU;Qty;Unit\nA;1;Stk.\nB;2;KG\nC;3;Krt\nD;4;\n")
    unit = contract(found).mapping["products"]["uom"]
    assert unit == {"column": "unit", "otherwise": "each", "words": {"Stk.": "each", "KG": "kg"}}
    (check,) = found.checks
    assert "which units are Krt?" in check


def test_lines_that_add_up_others_and_doubles_are_named(tmp_path) -> None:
    found = drafted(tmp_path, "SKU;Qty\nA;1\nA;2\nTotal;3\n")
    doubles, totals = found.checks
    assert "earlier one (3)" in doubles
    assert "line 4: Total" in totals
    assert contract(found).classes[0].when[0].value == "^(?!(Total)$)"


@pytest.mark.parametrize(
    "text", ["1;2\n3;4\n", "only one word\n", "SKU;Qty\n"], ids=["numbers", "one word", "no rows"]
)
def test_a_file_without_headings_and_rows_is_refused(tmp_path, text) -> None:
    with pytest.raises(UnreadableFile, match="looks like headings with rows below"):
        drafted(tmp_path, text)


def test_json_is_refused_with_what_to_do(tmp_path) -> None:
    with pytest.raises(UnreadableFile, match="send CSV"):
        drafted(tmp_path, '[{"sku": "A"}]')


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(deadline=None, max_examples=60)
@given(headings=st.lists(words, max_size=4), rows=st.lists(st.lists(words, max_size=4), max_size=6))
def test_whatever_a_file_says_its_draft_is_a_contract_that_fits_it(headings, rows) -> None:
    """Quotes, colons, hashes, braces: nothing in a cell ends a comment or a text of the YAML."""
    header = ["Article No", "Stock", *headings]
    body = [["A-1", "5", *row] for row in rows] or [["A-1", "5"]]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *body])
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(out.getvalue().encode())
        file.flush()
        found = draft(Path(file.name), Wishes(name="any"))
    made = contract(found)
    binding = bind(made, [name.strip() for name in header])
    assert {"sku", "quantity"} <= set(binding.positions)
    assert not binding.missing
