"""Row key and content in one canonical spelling, and their hashes.

The content is every column of the contract in contract order, joined by U+001F, trailing empty
columns left off: so a later minor version that adds a column changes no hash of older rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

JOINT = "\x1f"
HASH_BYTES = 16


def content_hash(content: str) -> bytes:
    """128 bits of BLAKE2b: no two different rows of any real feed share it."""
    return hashlib.blake2b(content.encode(), digest_size=HASH_BYTES).digest()


def key_hash(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=HASH_BYTES, person=b"row key").digest()


def joined(columns: Sequence[Sequence[str]]) -> list[str]:
    """One joined text per row from canonical columns."""
    return [JOINT.join(row).rstrip(JOINT) for row in zip(*columns, strict=True)]


def split_content(content: str, names: Sequence[str]) -> Mapping[str, str]:
    """Canonical text per column name, the inverse of ``joined``."""
    parts = content.split(JOINT)
    parts += [""] * (len(names) - len(parts))
    return dict(zip(names, parts, strict=True))
