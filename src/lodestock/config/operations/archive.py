"""A backup as a folder: the database, the files, and a manifest that proves both.

    lodestock-20261121-141500/
        database.dump    pg_dump's custom format, of one consistent moment
        files.tar        LODESTOCK_HOME/files (raw messages, attachments)
        manifest.json    release, server, time, sha256 and size of each, row counts

The keys in LODESTOCK_HOME/secrets are not in it: a stolen backup must not open sealed fields.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import lodestock

DUMP, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
FORMAT = 1
CHUNK_BYTES = 1024 * 1024


class BackupUnusable(Exception):
    """A backup is incomplete, altered or of an unknown format."""


@dataclass(frozen=True)
class Archive:
    """A backup folder."""

    folder: Path

    @property
    def dump(self) -> Path:
        return self.folder / DUMP

    @property
    def files(self) -> Path:
        return self.folder / FILES

    def write_manifest(self, *, server: str, rows: dict[str, int]) -> dict[str, Any]:
        """Seal what lies in the folder; returns the manifest."""
        manifest = {
            "format": FORMAT,
            "release": lodestock.__version__,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "server": server,
            "rows": rows,
            "contents": {path.name: _seal(path) for path in (self.dump, self.files)},
        }
        text = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")
        return manifest

    def read_manifest(self) -> dict[str, Any]:
        """Check every byte against the manifest and return it.

        Raises BackupUnusable naming the part that is missing or was altered.
        """
        path = self.folder / MANIFEST
        if not path.exists():
            raise BackupUnusable(
                f"{self.folder} holds no {MANIFEST}: it is no backup, or one that did not finish."
            )
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if manifest.get("format") != FORMAT:
            raise BackupUnusable(
                f"{self.folder} has format {manifest.get('format')!r}; this release reads {FORMAT}."
            )
        for name, sealed in manifest["contents"].items():
            if not (self.folder / name).exists():
                raise BackupUnusable(f"{name} is missing from {self.folder}.")
            found = _seal(self.folder / name)
            if found != sealed:
                raise BackupUnusable(
                    f"{name} is not what was backed up: sha256 {found['sha256'][:12]}… of"
                    f" {found['bytes']} bytes, expected {sealed['sha256'][:12]}… of"
                    f" {sealed['bytes']}. Use another copy."
                )
        return manifest


def pack_files(source: Path, target: Path) -> None:
    """Put the files below `source` into an uncompressed tar; none is an empty one."""
    with tarfile.open(target, "w") as tar:
        if source.exists():
            tar.add(source, arcname="files")


def unpack_files(source: Path, home: Path) -> None:
    """Put the files back below `home`.

    Raises BackupUnusable, before anything is written, for a member that is neither a plain file nor
    a folder or that leads out of `home`. (tarfile's own filter came with Python 3.11.4.)
    """
    with tarfile.open(source) as tar:
        members = tar.getmembers()
        for member in members:
            path = PurePosixPath(member.name)
            if path.is_absolute() or ".." in path.parts or not (member.isreg() or member.isdir()):
                raise BackupUnusable(
                    f"{source.name} holds {member.name!r}, which is no file of ours."
                )
            member.mode = 0o700 if member.isdir() else 0o600
            member.uid, member.gid = os.getuid(), os.getgid()
            member.uname = member.gname = ""
        home.mkdir(parents=True, exist_ok=True)
        tar.extractall(home, members)  # noqa: S202 - each member was looked at above


def _seal(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return {"sha256": digest.hexdigest(), "bytes": path.stat().st_size}
