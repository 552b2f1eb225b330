"""Sockets of feeds: who turns documents into records, who raises the alarm, who works later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.types import FeedDocument, FeedProduct, RowResult


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What all lines to come take out of stock of one article, in its own unit."""

    product: FeedProduct
    quantity: Decimal
    lines: int


@dataclass(slots=True)
class ImportRun:
    """What an applier is told about the import it works for.

    ``outgoing`` are the goods that will leave stock without the feed telling how they came in;
    ``opening_at`` is when they are to be dated: before the first outbound line of the whole file.
    ``key`` names this run for ever: the same after a restart. ``tally`` are figures of the
    applier that are committed with its work and survive a restart.
    """

    import_id: int
    key: str
    contract: Contract
    opening_at: datetime | None = None
    outgoing: Sequence[Outgoing] = ()
    tally: dict[str, Decimal] = field(default_factory=dict)

    def count(self, name: str, more: Decimal | int) -> None:
        """Add to a figure of the tally."""
        self.tally[name] = self.tally.get(name, Decimal(0)) + more


class RowApplier(Protocol):
    """Turns documents into records of the rooms above.

    ``apply`` is called inside the importer's transaction with whole documents, several thousand
    lines at a time, in the order of time; it answers for every row. It must write through the
    default connection, so that its rows and the importer's commit together or not at all.
    """

    def begin(self, run: ImportRun) -> None:
        """Called in a transaction before the first ``apply``, and again after a restart."""

    def apply(self, run: ImportRun, documents: Sequence[FeedDocument]) -> Sequence[RowResult]:
        """Apply whole documents. One result for every row number that occurs in them."""

    def finish(self, run: ImportRun) -> Mapping[str, Any]:
        """Called once after the last ``apply``; what it returns goes into the import's answer."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A case somebody must look at: opened once per ``subject``, updated when told again."""

    rule: str
    severity: str
    subject_type: str
    subject_id: int
    title: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


class AlarmBell(Protocol):
    """Opens and closes cases in whatever room keeps them."""

    def ring(self, alarm: Alarm) -> None: ...

    def clear(self, *, rule: str, subject_type: str, subject_id: int, reason: str) -> None: ...


Later = Callable[[int], None]
"""Runs the import with this key in the background."""


@dataclass
class _Sockets:
    make_applier: Callable[[], RowApplier] | None = None
    bell: AlarmBell | None = None
    later: Later | None = None


_sockets = _Sockets()


def use_applier(make: Callable[[], RowApplier]) -> None:
    """Plug in what turns documents into records (config does, once); one is made per import."""
    _sockets.make_applier = make


def use_bell(bell: AlarmBell | None) -> None:
    """Plug in the room that keeps cases; None: nobody is told."""
    _sockets.bell = bell


def use_later(later: Later | None) -> None:
    """Plug in the background worker; None: everything is done at once."""
    _sockets.later = later


def new_applier() -> RowApplier:
    """A fresh applier for one import. Raises ``RuntimeError`` when none is plugged in."""
    if _sockets.make_applier is None:
        raise RuntimeError("no row applier is plugged in: config.wiring must call use_applier")
    return _sockets.make_applier()


def bell() -> AlarmBell | None:
    return _sockets.bell


def later() -> Later | None:
    return _sockets.later
