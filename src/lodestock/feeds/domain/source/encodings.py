"""Finds the encoding by reading every byte once: a late accent must not surprise the parser."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass

CP1252_HOLES = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class FoundEncoding:
    name: str
    ascii_only: bool
    evidence: str


@dataclass(slots=True)
class TextScan:
    """Facts about the bytes of a whole text file."""

    encoding: FoundEncoding
    size: int
    crlf: int
    lone_lf: int
    lone_cr: int


class _Utf8Check:
    """Strict incremental UTF-8, remembering where it first failed."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self.failed_at: int | None = None
        self._seen = 0

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        if self.failed_at is not None:
            return
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self.failed_at = self._seen + error.start
        self._seen += len(chunk)


def scan_text(chunks: Iterable[bytes]) -> TextScan:
    """Reads all chunks once and states encoding and line ends of the whole."""
    utf8, high, size = _Utf8Check(), set[int](), 0
    ends = _LineEndCounter()
    head = b""
    for chunk in chunks:
        head = head or chunk[:4096]
        size += len(chunk)
        ends.feed(chunk)
        if not chunk.isascii():
            high.update(chunk)
        utf8.feed(chunk)
    utf8.feed(b"", final=True)
    encoding = _decide(head, utf8.failed_at, {byte for byte in high if byte > 0x7F})
    return TextScan(encoding, size, ends.crlf, ends.lf - ends.crlf, ends.cr - ends.crlf)


class _LineEndCounter:
    def __init__(self) -> None:
        self.cr = self.lf = self.crlf = 0
        self._open_cr = False

    def feed(self, chunk: bytes) -> None:
        self.cr += chunk.count(b"\r")
        self.lf += chunk.count(b"\n")
        self.crlf += chunk.count(b"\r\n") + (self._open_cr and chunk[:1] == b"\n")
        self._open_cr = chunk[-1:] == b"\r"


def _decide(head: bytes, utf8_failed_at: int | None, high: set[int]) -> FoundEncoding:
    for bom, name in BOMS:
        if head.startswith(bom):
            return FoundEncoding(name, ascii_only=False, evidence="byte order mark")
    wide = _utf16_without_bom(head)
    if wide:
        return wide
    if not high:
        return FoundEncoding("utf-8", ascii_only=True, evidence="only ASCII bytes in the file")
    if utf8_failed_at is None:
        return FoundEncoding("utf-8", ascii_only=False, evidence="every byte is valid UTF-8")
    why = f"byte {utf8_failed_at + 1:,} is not UTF-8"
    if high & CP1252_HOLES:
        return FoundEncoding("latin-1", ascii_only=False, evidence=f"{why}; holes of cp1252 used")
    return FoundEncoding("cp1252", ascii_only=False, evidence=f"{why}; fits Windows Western")


def _utf16_without_bom(head: bytes) -> FoundEncoding | None:
    """Half of the bytes of Western UTF-16 text are NUL, all on the same side."""
    pairs = len(head) // 2
    if pairs < 8:
        return None
    even, odd = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if odd > pairs * 0.7 and even < pairs * 0.1:
        return FoundEncoding("utf-16-le", ascii_only=False, evidence="NUL in every second byte")
    if even > pairs * 0.7 and odd < pairs * 0.1:
        return FoundEncoding("utf-16-be", ascii_only=False, evidence="NUL in every first byte")
    return None
