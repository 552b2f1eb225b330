"""SQL files of several named statements: `-- :name` begins one."""

from __future__ import annotations

from functools import cache

from benchmarks.harness.stage import RAW


@cache
def sections(file: str) -> dict[str, str]:
    """Return the statements of a file of benchmarks/raw by name."""
    text = (RAW / file).read_text(encoding="utf-8")
    return dict(part.split("\n", 1) for part in text.split("-- :")[1:])
