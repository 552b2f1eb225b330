"""A person repairs one quarantined row and replays it, exactly once, or rejects it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from lodestock.feeds import events, ports
from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.lifecycle import QUARANTINED_ROW, ImportStatus, QuarantineStatus
from lodestock.feeds.domain.mapping import MappedRow, Mapper
from lodestock.feeds.domain.planning import REASONS, Fate
from lodestock.feeds.domain.rows import Batch, Binding, RowEngine, bind, key_hash
from lodestock.feeds.domain.source import RawRow
from lodestock.feeds.errors import AlreadyDecided, StillWrong
from lodestock.feeds.locks import only_importer
from lodestock.feeds.models import Import, QuarantinedRow
from lodestock.feeds.types import RowFate, RowResult
from lodestock.kernel.clock import now
from lodestock.kernel.context import current
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput

from .applying import line_key, remember
from .contracts import contract_of
from .planning import plan
from .pointers import check_pointers
from .runs import keep_tally, run_of
from .staging import clear_staging, copy_batch


@dataclass(frozen=True, slots=True)
class Planned:
    """Where the plan has put the one row."""

    fate: Fate
    place: int


def fix_and_replay(
    row: QuarantinedRow, *, cells: Mapping[str, str] | None = None, accept_change: bool = False
) -> QuarantinedRow:
    """Put texts in place of original cells (by column or header) and apply the row.

    ``accept_change`` takes a row whose key is known with another content as a correction. Raises
    ``AlreadyDecided`` when the row was replayed or rejected before, ``StillWrong`` when it still
    cannot be taken (nothing is changed then), ``FeedBusy``.
    """
    batch = Import.objects.select_related("feed", "contract_version", "raw_file").get(
        pk=row.batch_id
    )
    contract = contract_of(batch.contract_version)
    with only_importer(batch.feed_id, batch.feed.code), transaction():
        row = _open(row, batch)
        texts = _amended(row, batch, contract, cells or {})
        typed = _type(row, batch, contract, texts)
        clear_staging(batch.pk)
        copy_batch(batch.pk, contract, typed)
        plan(batch, contract)
        result = _apply(batch, contract, typed, accept_change=accept_change)
        clear_staging(batch.pk)
        _settle(row, batch, cells or {}, result.fate)
    return row


def reject_row(row: QuarantinedRow, *, reason: str) -> QuarantinedRow:
    """Leave the row out for good; it stays visible. Raises ``AlreadyDecided``."""
    batch = Import.objects.get(pk=row.batch_id)
    with transaction():
        row = _open(row, batch)
        _decide(row, "reject")
        row.fix = {"rejected_because": reason}
        row.save()
        Import.objects.filter(pk=batch.pk).update(
            quarantined=F("quarantined") - 1, rejected=F("rejected") + 1
        )
    return row


def _open(row: QuarantinedRow, batch: Import) -> QuarantinedRow:
    row = QuarantinedRow.objects.select_for_update().get(pk=row.pk)
    if row.status == QuarantineStatus.HELD:
        raise AlreadyDecided(
            f"Row {row.row_number} waits with its whole file: decide on the drift report first.",
            status=row.status,
        )
    if row.status != QuarantineStatus.OPEN or batch.status != ImportStatus.FINISHED:
        raise AlreadyDecided(
            f"Row {row.row_number} of import {batch.sqid} is {row.status}: nothing was done again.",
            status=row.status,
        )
    return row


def _amended(
    row: QuarantinedRow, batch: Import, contract: Contract, cells: Mapping[str, str]
) -> list[str]:
    """The original cells with the given texts in their places."""
    header = list(batch.stated["header"])
    binding = bind(contract, header)
    texts = list(row.cells)
    if len(texts) != len(header):
        texts = [*texts, *[""] * len(header)][: len(header)]
        missing = set(header) - set(_headers(binding, cells))
        if missing:
            raise StillWrong(
                f"Row {row.row_number} could not be split into cells: give all {len(header)} of "
                f"them. Missing: {', '.join(sorted(missing)[:10])}.",
                missing=sorted(missing),
            )
    for name, text in cells.items():
        place = binding.positions.get(name)
        if place is None and name in header:
            place = header.index(name)
        if place is None:
            known = ", ".join(binding.positions)
            raise InvalidInput(f"There is no column {name!r}; known: {known}.", field=name)
        texts[place] = text
    return texts


def _headers(binding: Binding, cells: Mapping[str, str]) -> list[str]:
    return [binding.header_of(name) or name for name in cells]


def _type(row: QuarantinedRow, batch: Import, contract: Contract, texts: list[str]) -> Batch:
    engine = RowEngine(contract, bind(contract, batch.stated["header"]))
    typed = engine.batch([RawRow(row.row_number, row.line, texts)])
    problems = typed.problems.get(0)
    if problems:
        words = "; ".join(f"{one.column}: {one.detail}".lstrip(": ") for one in problems)
        raise StillWrong(
            f"Row {row.row_number} cannot be taken yet: {words}.",
            field=problems[0].column or None,
            problems=[one._asdict() for one in problems],
        )
    return typed


def _apply(batch: Import, contract: Contract, typed: Batch, *, accept_change: bool) -> RowResult:
    row = typed.rows[0]
    planned = _planned(batch, row.number)
    if planned.fate is Fate.UNCHANGED:
        return RowResult(row.number, RowFate.UNCHANGED)
    dangling = check_pointers(batch, contract).dangling
    wanted = {Fate.NEW, Fate.CHANGED} if accept_change else {Fate.NEW}
    if dangling or planned.fate not in wanted:
        why = dangling.get(row.number) or REASONS.get(planned.fate, planned.fate.value)
        raise StillWrong(f"Row {row.number} cannot be taken yet: {why}.", row=row.number)
    place = planned.place
    if planned.fate is Fate.CHANGED:
        place = _take_old_place(batch, typed.keys[0], row.number)
    return _through_applier(batch, contract, typed, place)


def _planned(batch: Import, number: int) -> Planned:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fate, place FROM feeds_plannedrow WHERE batch_id = %s AND row_number = %s",
            [batch.pk, number],
        )
        fate, place = cursor.fetchone()
    return Planned(Fate(fate), place)


def _take_old_place(batch: Import, key: str, number: int) -> int:
    """A correction keeps the line name of the row it corrects."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place FROM feeds_feedrow WHERE feed_id = %s AND key_hash = %s"
            " ORDER BY id DESC LIMIT 1",
            [batch.feed_id, key_hash(key)],
        )
        place = int(cursor.fetchone()[0])
        cursor.execute(
            "UPDATE feeds_plannedrow SET seq = 1, place = %s"
            " WHERE batch_id = %s AND row_number = %s",
            [place, batch.pk, number],
        )
    return place


def _through_applier(batch: Import, contract: Contract, typed: Batch, place: int) -> RowResult:
    applier, mapper = ports.new_applier(), Mapper(contract)
    row, key = typed.rows[0], key_hash(typed.keys[0]).hex()
    cells = mapper.cells(typed.contents[0])
    name = line_key(contract, typed.contents[0], key, place)
    mapped = MappedRow(row.number, typed.classes[0], name, cells)
    run = run_of(batch, contract, mapper)
    applier.begin(run)
    results = applier.apply(run, mapper.documents([mapped]))
    result = next(one for one in results if one.row == row.number)
    if result.fate is RowFate.QUARANTINED:
        raise StillWrong(f"Row {row.number} cannot be taken yet: {result.reason}", row=row.number)
    remember(batch, 0, 1, results, [])
    batch.answer |= dict(applier.finish(run))
    keep_tally(batch, run)
    Import.objects.filter(pk=batch.pk).update(answer=batch.answer)
    return result


def _settle(row: QuarantinedRow, batch: Import, cells: Mapping[str, str], fate: RowFate) -> None:
    _decide(row, "replay")
    row.fix = dict(cells)
    row.save()
    gained = "unchanged" if fate is RowFate.UNCHANGED else "applied"
    Import.objects.filter(pk=batch.pk).update(
        quarantined=F("quarantined") - 1, **{gained: F(gained) + 1}
    )
    events.replayed(batch, rows=1, applied=int(fate is RowFate.APPLIED))


def _decide(row: QuarantinedRow, verb: str) -> None:
    row.status = QUARANTINED_ROW.target(row.status, verb, label=str(row.row_number))
    row.decided_by, row.decided_at = current().actor_id, now()
