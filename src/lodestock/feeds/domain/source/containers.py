"""Opens the outer wrapping: plain, gzip, or a zip with one member; with caps on unpacking."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from lodestock.feeds.domain.source.form import Compression
from lodestock.feeds.domain.source.limits import Limits
from lodestock.feeds.errors import FileTooLarge, UnreadableFile

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class CountingReader(io.RawIOBase):
    """Passes unpacked bytes through and stops at the caps, before they fill memory or disk."""

    def __init__(self, inner: _Readable, packed_bytes: int, limits: Limits) -> None:
        super().__init__()
        self._inner = inner
        self._packed = max(packed_bytes, 1)
        self._limits = limits
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(len(buffer))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise UnreadableFile(
                f"The packed file is damaged after {self.count:,} unpacked bytes ({error}). "
                "Ask for it again, or unpack it and send the plain file."
            ) from error
        buffer[: len(data)] = data
        self.count += len(data)
        self._check()
        return len(data)

    def _check(self) -> None:
        limits = self._limits
        if self.count > limits.unpacked_max:
            raise FileTooLarge(
                f"The file unpacks to more than {limits.unpacked_max:,} bytes. Split it."
            )
        ratio = self.count / self._packed
        if self.count > limits.ratio_floor and ratio > limits.ratio_max:
            raise FileTooLarge(
                f"The file unpacks to more than {limits.ratio_max} times its size "
                f"({self._packed:,} bytes gave {self.count:,} so far). Send it unpacked.",
                ratio=int(ratio),
            )


def compression_of(path: Path) -> tuple[Compression, str]:
    """The wrapping and, for a zip, the name of its one member (an .xlsx is not a wrapping)."""
    with path.open("rb") as file:
        magic = file.read(8)
    if magic.startswith(GZIP_MAGIC):
        return "gzip", ""
    if magic.startswith(OLD_OFFICE_MAGIC):
        raise UnreadableFile(
            "This is an old binary Office file (.xls). Save it as .xlsx or as CSV and send that."
        )
    if magic.startswith(ZIP_MAGIC) and not is_spreadsheet(path):
        return "zip", _only_member(path)
    return "none", ""


def is_spreadsheet(path: Path) -> bool:
    """True for an Office Open XML workbook, which is a zip inside."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return False
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)


def unpacked_size(path: Path) -> int:
    """Bytes the members of a zip (so also of a workbook) claim to unpack to."""
    with zipfile.ZipFile(path) as archive:
        return sum(info.file_size for info in archive.infolist())


@contextmanager
def open_container(
    path: Path, compression: Compression, member: str, limits: Limits
) -> Iterator[io.BufferedReader]:
    """The unpacked bytes as a buffered stream; closes everything it opened."""
    packed = path.stat().st_size
    if compression == "none":
        with path.open("rb") as plain:
            yield plain
    elif compression == "gzip":
        with gzip.open(path, "rb") as unpacked:
            yield io.BufferedReader(CountingReader(unpacked, packed, limits), 1 << 18)
    else:
        with zipfile.ZipFile(path) as archive, archive.open(member) as unpacked_member:
            yield io.BufferedReader(CountingReader(unpacked_member, packed, limits), 1 << 18)


def _only_member(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if _is_content(info)]
    except zipfile.BadZipFile as error:
        raise UnreadableFile(f"The zip file is damaged ({error}). Ask for it again.") from error
    if len(members) != 1:
        names = ", ".join(info.filename for info in members[:5]) or "none"
        raise UnreadableFile(
            f"A zip must hold exactly one file; this one holds {len(members)} ({names}). "
            "Send them one by one."
        )
    if members[0].flag_bits & 0x1:
        raise UnreadableFile("The zip is encrypted. Send it without a password.")
    return members[0].filename


def _is_content(info: zipfile.ZipInfo) -> bool:
    name = info.filename
    return not (info.is_dir() or name.startswith("__MACOSX/") or name.endswith(".DS_Store"))
