"""What a file looks like from outside, each trait with the evidence it was found by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Compression = Literal["none", "gzip", "zip"]
Kind = Literal["delimited", "xlsx", "json", "jsonl"]
LineEnds = Literal["LF", "CRLF", "CR", "mixed", "none"]

SEPARATOR_NAMES: Mapping[str, str] = {
    ",": "comma",
    "\t": "tab",
    ";": "semicolon",
    "|": "pipe",
    ":": "colon",
    "^": "caret",
}


@dataclass(frozen=True, slots=True)
class FileForm:
    """The outer form of one file.

    ``encoding`` is a Python codec name; ``ascii_only`` says that the file holds no character
    by which encodings could be told apart. ``quoting`` is "none", "minimal" or "all", found on
    the first rows. ``evidence`` says in words how each trait was found.
    """

    kind: Kind
    compression: Compression = "none"
    encoding: str = "utf-8"
    ascii_only: bool = False
    separator: str = ""
    quote: str = '"'
    quoting: str = "minimal"
    line_ends: LineEnds = "none"
    header: tuple[str, ...] = ()
    header_row: int = 1
    sheet: str = ""
    member: str = ""
    bytes_read: int = 0
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def separator_name(self) -> str:
        return SEPARATOR_NAMES.get(self.separator, repr(self.separator))

    def placed(self, *, sheet: str = "", header_row: int = 0) -> FileForm:
        """The same file, its table read where somebody says it stands; "" and 0: as found."""
        if not header_row or header_row == self.header_row:
            return replace(self, sheet=sheet or self.sheet)
        return replace(self, sheet=sheet or self.sheet, header_row=header_row, header=())

    def stated(self) -> dict[str, str]:
        """The traits as words, for the import's report and for comparison with the history."""
        stated: dict[str, str] = {"format": self.kind, "compression": self.compression}
        if self.kind != "xlsx":
            stated |= {"encoding": self.encoding}
        if self.kind == "delimited":
            stated |= {
                "separator": self.separator_name,
                "line_ends": self.line_ends,
                "quoting": self.quoting,
            }
        return stated
