"""Rows of an .xlsx sheet with every cell as the text a person would have typed.

The reader keeps the sheet in memory, so workbooks have a size cap of their own; CSV does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import python_calamine
from python_calamine import CalamineWorkbook

from lodestock.feeds.domain.source.form import FileForm
from lodestock.feeds.errors import UnreadableFile

EXACT_INTEGER_MAX = 2**53


def spreadsheet_rows(path: Path, form: FileForm) -> Iterator[list[str]]:
    """All rows of the sheet named in ``form.sheet``, or of the only sheet that has any.

    Raises ``UnreadableFile`` when the workbook is damaged or the sheet is not plain to see.
    """
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = workbook.get_sheet_by_name(_sheet_name(workbook, form.sheet))
    except python_calamine.CalamineError as error:
        raise UnreadableFile(f"The workbook cannot be read: {error}.") from error
    for row in sheet.iter_rows():
        yield [cell_text(value) for value in row]


def _sheet_name(workbook: CalamineWorkbook, wanted: str) -> str:
    names = workbook.sheet_names
    if wanted:
        if wanted not in names:
            raise UnreadableFile(
                f"The contract reads the sheet {wanted!r}; the workbook has {', '.join(names)}."
            )
        return wanted
    filled = [name for name in names if workbook.get_sheet_by_name(name).height > 0]
    if len(filled) != 1:
        raise UnreadableFile(
            f"{len(filled)} sheets hold rows ({', '.join(filled) or 'none'}). "
            "Name one in the contract (format.sheet) or send one sheet."
        )
    return filled[0]


def cell_text(value: object) -> str:
    """The cell as text: whole numbers without ``.0``, dates in ISO form, empty as ''."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number_text(value: float) -> str:
    """A workbook keeps 15 digits; beyond 2^53 the number is no longer the one typed."""
    if value.is_integer() and abs(value) < EXACT_INTEGER_MAX:
        return str(int(value))
    return repr(value)
