"""Keeps every inbound byte, addressed by its sha256, before anybody reads it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from lodestock.feeds.domain.source import Limits
from lodestock.feeds.errors import FileTooLarge, UnknownRecord, UnreadableFile
from lodestock.feeds.models import RawFile, RawRedaction
from lodestock.kernel.context import current
from lodestock.kernel.db import transaction

CHUNK = 1 << 20


def store_path(path: Path) -> RawFile:
    """Keep the bytes of a file on disk. Raises ``UnreadableFile`` when it cannot be opened."""
    try:
        with path.open("rb") as file:
            return store_stream(file, name=path.name)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror or error}.") from error


def store_stream(file: BinaryIO, *, name: str, headers: Mapping[str, Any] | None = None) -> RawFile:
    """Keep the bytes of a stream; the same bytes again are the same raw file.

    Written to a temporary name, flushed to disk and renamed: a crash leaves no half file under
    an address. Raises ``FileTooLarge`` at the cap; then nothing is kept.
    """
    folder = files_folder()
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".incoming-", delete=False) as target:
        temporary = Path(target.name)
        try:
            for chunk in _capped(iter(lambda: file.read(CHUNK), b"")):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
            sha256 = digest.hexdigest()
            address = _address(sha256)
            address.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(address)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return _row(sha256, size, name, headers or {})


def _capped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    most, seen = Limits().bytes_max, 0
    for chunk in chunks:
        seen += len(chunk)
        if seen > most:
            raise FileTooLarge(f"The file is larger than {most:,} bytes. Split it.")
        yield chunk


def _row(sha256: str, size: int, name: str, headers: Mapping[str, Any]) -> RawFile:
    with transaction():
        raw, _ = RawFile.objects.get_or_create(
            sha256=sha256,
            defaults={
                "size_bytes": size,
                "name": Path(name).name[:255] or "file",
                "headers": dict(headers),
                "actor_id": current().actor_id,
            },
        )
    return raw


def raw_path(raw: RawFile) -> Path:
    """Where the bytes are. Raises ``UnknownRecord`` when they were redacted or are gone."""
    address = _address(raw.sha256)
    if not address.exists():
        redaction = RawRedaction.objects.filter(raw_file=raw).first()
        why = f"redacted: {redaction.reason}" if redaction else "not in the file store"
        raise UnknownRecord(f"The bytes of {raw.name} ({raw.sha256}) are gone: {why}.")
    return address


def redact(raw: RawFile, *, reason: str) -> RawRedaction:
    """Remove the bytes for good; sha256, size and the reason stay."""
    with transaction():
        redaction = RawRedaction.objects.create(
            raw_file=raw, reason=reason, actor_id=current().actor_id
        )
    _address(raw.sha256).unlink(missing_ok=True)
    return redaction


def files_folder() -> Path:
    return Path(settings.HOME) / "files"


def _address(sha256: str) -> Path:
    return files_folder() / sha256[:2] / sha256
