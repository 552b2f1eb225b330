"""Files fastened to records."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage

from lodestock.kernel.context import current
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput, NotFound
from lodestock.organisation.models import Attachment

MAX_BYTES = 25 * 1024 * 1024
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def attach(*, subject_type: str, subject_id: int, file: File[Any], name: str = "") -> Attachment:
    """Keep a file with a record. The type follows the name's ending, never what a browser says.

    Raises :class:`InvalidInput` for an ending that is not accepted, an empty file, and one over
    25 MiB.
    """
    shown = PurePath(name or file.name or "file").name
    media_type = _media_type(shown)
    digest, size = _digest(file)
    address = _address(digest)
    if not default_storage.exists(address):
        file.seek(0)
        default_storage.save(address, file)
    with transaction():
        return Attachment.objects.create(
            subject_type=subject_type,
            subject_id=subject_id,
            sha256=digest,
            name=shown[:255],
            media_type=media_type,
            size_bytes=size,
            actor_id=current().actor_id,
        )


def open_attachment(attachment: Attachment) -> IO[bytes]:
    """The bytes. Raises :class:`NotFound` when the store lost them."""
    address = _address(attachment.sha256)
    if not default_storage.exists(address):
        raise NotFound(f"The file store has lost {attachment.name!r} ({attachment.sha256}).")
    return default_storage.open(address, "rb")


def _media_type(name: str) -> str:
    ending = PurePath(name).suffix.lower()
    if ending not in MEDIA_TYPES:
        accepted = ", ".join(sorted(MEDIA_TYPES))
        raise InvalidInput(
            f"Files that end in {ending or 'nothing'!r} are not accepted; accepted are {accepted}.",
            field="file",
        )
    return MEDIA_TYPES[ending]


def _digest(file: File[Any]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in file.chunks():
        digest.update(chunk)
        size += len(chunk)
        if size > MAX_BYTES:
            raise InvalidInput(f"The file is larger than {MAX_BYTES // 2**20} MiB.", field="file")
    if not size:
        raise InvalidInput("The file is empty.", field="file")
    return digest.hexdigest(), size


def _address(digest: str) -> str:
    return f"attachments/{digest[:2]}/{digest}"
