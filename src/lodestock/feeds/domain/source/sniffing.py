"""States the outer form of a file: nothing about it is assumed in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from lodestock.feeds.domain.source import containers
from lodestock.feeds.domain.source.delimited import Layout, find_layout
from lodestock.feeds.domain.source.encodings import TextScan, scan_text
from lodestock.feeds.domain.source.form import FileForm, Kind, LineEnds
from lodestock.feeds.domain.source.limits import Limits
from lodestock.feeds.errors import FileTooLarge, UnreadableFile

CHUNK = 1 << 20
SAMPLE = 1 << 16


def sniff(path: Path, *, limits: Limits | None = None) -> FileForm:
    """Reads the whole file once and states its form.

    Raises ``UnreadableFile`` when it is empty, binary or damaged, ``FileTooLarge`` at a cap.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile("The file is empty (0 bytes). Ask the sender for it again.")
    if size > limits.bytes_max:
        raise FileTooLarge(f"The file has {size:,} bytes; at most {limits.bytes_max:,} are taken.")
    compression, member = containers.compression_of(path)
    if compression == "none" and containers.is_spreadsheet(path):
        return _sniff_spreadsheet(path, limits)
    with containers.open_container(path, compression, member, limits) as stream:
        scan = scan_text(_chunks(stream))
    with containers.open_container(path, compression, member, limits) as stream:
        sample = stream.read(SAMPLE * 2)
    form = _sniff_text(scan, sample)
    return replace(form, compression=compression, member=member)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _sniff_spreadsheet(path: Path, limits: Limits) -> FileForm:
    size = containers.unpacked_size(path)
    if size > limits.spreadsheet_unpacked_max:
        raise FileTooLarge(
            f"The workbook unpacks to {size:,} bytes; at most "
            f"{limits.spreadsheet_unpacked_max:,} are read. Send it as CSV, which may be longer."
        )
    if size > limits.ratio_floor and size > path.stat().st_size * limits.ratio_max:
        raise FileTooLarge(
            f"The workbook unpacks to more than {limits.ratio_max} times its size. Send it as CSV."
        )
    return FileForm(kind="xlsx", evidence={"format": "a zip that holds an Office workbook"})


def _sniff_text(scan: TextScan, sample: bytes) -> FileForm:
    text = _decode_sample(sample, scan.encoding.name)
    _refuse_binary(text)
    form = FileForm(
        kind="delimited",
        encoding=scan.encoding.name,
        ascii_only=scan.encoding.ascii_only,
        bytes_read=scan.size,
        evidence={"encoding": scan.encoding.evidence},
    )
    start = text.lstrip()[:1]
    if start in {"[", "{"}:
        kind: Kind = "json" if start == "[" else "jsonl"
        return replace(
            form, kind=kind, evidence={**form.evidence, "format": f"starts with {start}"}
        )
    return _with_layout(form, find_layout(text), _line_ends(scan, text))


def _with_layout(form: FileForm, layout: Layout, ends: tuple[LineEnds, str]) -> FileForm:
    evidence = {**form.evidence, "separator": layout.evidence, "line_ends": ends[1]}
    return replace(
        form,
        separator=layout.separator,
        quoting=layout.quoting,
        header=layout.header,
        header_row=layout.header_row,
        line_ends=ends[0],
        evidence=evidence,
    )


def _decode_sample(sample: bytes, encoding: str) -> str:
    """The sample may end inside a character or a line; the unfinished end is dropped."""
    text = sample.decode(encoding, errors="ignore")
    return text[:SAMPLE]


def _refuse_binary(text: str) -> None:
    odd = sum(1 for char in text if char < " " and char not in "\t\n\r\f\v\x1a")
    if not text.strip():
        raise UnreadableFile("The file holds nothing but white space.")
    if odd > len(text) * 0.01:
        raise UnreadableFile(
            f"This is not a text file: {odd:,} control characters in the first {len(text):,}. "
            "Send CSV, TSV, JSON or an .xlsx workbook, plain or as .gz or .zip."
        )


def _line_ends(scan: TextScan, text: str) -> tuple[LineEnds, str]:
    crlf, lf, cr = scan.crlf, scan.lone_lf, scan.lone_cr
    if scan.encoding.name.startswith(("utf-16", "utf-32")):
        crlf = text.count("\r\n")
        lf, cr = text.count("\n") - crlf, text.count("\r") - crlf
    evidence = f"{crlf:,} CRLF, {lf:,} LF, {cr:,} CR"
    counts: dict[LineEnds, int] = {"CRLF": crlf, "LF": lf, "CR": cr}
    total = sum(counts.values())
    if not total:
        return "none", "a single line"
    best: LineEnds = max(counts, key=lambda end: counts[end])
    # Line breaks inside quoted cells are content; a few of another kind do not make a mixture.
    return (best if counts[best] >= total * 0.9 else "mixed"), evidence
