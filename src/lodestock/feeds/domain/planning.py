"""What is to happen to a row that could be read."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """``NEW`` is applied · ``UNCHANGED`` was told before with the same content · ``CHANGED`` was
    told before with another content · ``REPEATED`` stands twice in a file that may not repeat ·
    ``CLASHING`` has the key of another row of the file but other content · ``DANGLING`` points to
    a row that is nowhere."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    REPEATED = "repeated"
    CLASHING = "clashing"
    DANGLING = "dangling"


REASONS = {
    Fate.CHANGED: "known before with another content",
    Fate.CLASHING: "another row of the file has the same key and other content",
    Fate.DANGLING: "points to a row that is neither in the file nor known from before",
}
