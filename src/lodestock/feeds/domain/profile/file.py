"""The profile of one file, or the sum over all accepted files of one feed and form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from lodestock.feeds.domain.profile.column import ColumnProfile
from lodestock.feeds.domain.profile.relations import Relations


@dataclass(slots=True)
class FileProfile:
    """``traits`` trait → what was stated → number of files (separator, encoding, …); ``headers``
    header line → number of files; ``ascii_only`` until a file showed which encoding it has."""

    form: str
    files: int = 0
    rows: int = 0
    heads: int = 0
    traits: dict[str, Counter[str]] = field(default_factory=dict)
    headers: Counter[str] = field(default_factory=Counter)
    columns: dict[str, ColumnProfile] = field(default_factory=dict)
    relations: Relations = field(default_factory=Relations)
    ascii_only: bool = True

    def merge(self, other: FileProfile) -> None:
        """Adds an accepted file (or another history) to this history."""
        self.files += other.files
        self.rows += other.rows
        self.heads += other.heads
        for trait, found in other.traits.items():
            self.traits.setdefault(trait, Counter()).update(found)
        self.headers.update(other.headers)
        self.relations.merge(other.relations)
        self.ascii_only = self.ascii_only and other.ascii_only
        for name, column in other.columns.items():
            self.columns.setdefault(name, ColumnProfile(column.type)).merge(column)

    def as_json(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "files": self.files,
            "rows": self.rows,
            "heads": self.heads,
            "traits": {trait: dict(found) for trait, found in self.traits.items()},
            "headers": dict(self.headers),
            "relations": self.relations.as_json(),
            "ascii_only": self.ascii_only,
            "columns": {name: column.as_json() for name, column in self.columns.items()},
        }

    @staticmethod
    def from_json(found: dict[str, Any]) -> FileProfile:
        return FileProfile(
            form=found["form"],
            files=found["files"],
            rows=found["rows"],
            heads=found["heads"],
            traits={trait: Counter(counts) for trait, counts in found["traits"].items()},
            headers=Counter(found["headers"]),
            columns={
                name: ColumnProfile.from_json(column) for name, column in found["columns"].items()
            },
            relations=Relations.from_json(found["relations"]),
            ascii_only=found["ascii_only"],
        )
