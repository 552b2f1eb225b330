"""Imports a file: store, stage, judge, apply, finish. Safe to run again after any crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from lodestock.feeds import events, ports
from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.lifecycle import ENDED, IMPORT, UNFINISHED, ImportStatus
from lodestock.feeds.domain.planning import Fate
from lodestock.feeds.errors import UnreadableFile, WrongFile
from lodestock.feeds.locks import only_importer
from lodestock.feeds.models import ContractVersion, Feed, Import, QuarantinedRow, RawFile
from lodestock.kernel.clock import now
from lodestock.kernel.context import current
from lodestock.kernel.db import transaction

from .applying import apply_planned
from .contracts import contract_of, register_contract_file
from .history import keep_profile, learn
from .judging import Judgement, clear_alarm, hold, judge, report_additive
from .planning import fates, last_place, plan, repeats, set_dangling
from .pointers import PointerCount, check_pointers
from .quarantine import quarantine_by_fate, quarantine_unreadable, would_be_held
from .raw_store import store_path
from .staging import Staged, clear_staging, stage
from .totals import totals_of

Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Progress nobody looks at."""


def import_feed(
    contract_file: Path, data_file: Path, *, dry_run: bool = False, progress: Progress = silent
) -> Import:
    """Import a file under a contract file and return the ended import (see ``answers``).

    The bytes are stored before they are read. Raises ``InvalidContract``, ``ContractDiffers`` and
    ``FeedBusy``; a file that cannot be read ends as a refused import, it does not raise.
    """
    version = register_contract_file(contract_file)
    raw = store_path(data_file)
    return run_import(open_import(version, raw, dry_run=dry_run), progress=progress)


def open_import(version: ContractVersion, raw: RawFile, *, dry_run: bool = False) -> Import:
    """The import to run for a raw file: one that was interrupted or held, or a new one.

    Bytes that were accepted before are read as they were then, whatever the contract says today.
    """
    with transaction():
        if not dry_run:
            waiting = _waiting(version, raw)
            if waiting is not None:
                return waiting
        batch = Import.objects.create(
            feed_id=version.feed_id,
            contract_version=_version_then(version, raw) or version,
            raw_file=raw,
            dry_run=dry_run,
            actor_id=current().actor_id,
        )
        if not dry_run:
            events.received(batch)
    return batch


def _waiting(version: ContractVersion, raw: RawFile) -> Import | None:
    """An interrupted import goes on; a held one is looked at again."""
    open_states = [*UNFINISHED, ImportStatus.HELD]
    batch = (
        Import.objects.select_for_update()
        .filter(feed_id=version.feed_id, raw_file=raw, dry_run=False, status__in=open_states)
        .order_by("-id")
        .first()
    )
    if batch is None or batch.status == ImportStatus.APPLYING:
        return batch
    if batch.status == ImportStatus.HELD:
        batch.status = IMPORT.target(batch.status, "release", label=batch.sqid)
        if not batch.confirmed_fields:
            batch.contract_version = version
    batch.save()
    return batch


def _version_then(version: ContractVersion, raw: RawFile) -> ContractVersion | None:
    accepted = Import.objects.filter(
        feed_id=version.feed_id, raw_file=raw, status=ImportStatus.FINISHED, dry_run=False
    ).order_by("-id")
    before = accepted.select_related("contract_version").first()
    then = before.contract_version if before else None
    return then if then and then.major == version.major else None


def run_import(batch: Import, *, progress: Progress = silent) -> Import:
    """Carry an import to its end, from wherever it stands. Returns it as it ended.

    Raises ``FeedBusy`` when the same feed is being imported elsewhere.
    """
    with only_importer(batch.feed_id, batch.feed.code):
        _wait_for_rivals(batch.feed_id)
        batch = Import.objects.select_related("feed", "contract_version", "raw_file").get(
            pk=batch.pk
        )
        if batch.status in ENDED:
            return batch
        contract = contract_of(batch.contract_version)
        if batch.status != ImportStatus.APPLYING:
            staged = _stage(batch, contract)
            if staged is None:
                return batch
            _judge(batch, contract, staged)
        if batch.status == ImportStatus.APPLYING:
            _apply(batch, contract, progress)
        clear_staging(batch.pk)
    return batch


def _wait_for_rivals(feed_id: int) -> None:
    """An importer inside a longer transaction gives its lock back before it commits: wait for it.

    Inside a transaction of ours the row stays locked, so that others wait for us.
    """
    with transaction():
        Feed.objects.select_for_update().get(pk=feed_id)


def run_later(batch: Import) -> None:
    """Have the import run by the background worker; here and now where there is none."""
    later = ports.later()
    if later is None:
        run_import(batch)
    else:
        later(batch.pk)


def _stage(batch: Import, contract: Contract) -> Staged | None:
    """Parse the file; None when it was refused."""
    _clear_leftovers()
    clear_staging(batch.pk)
    if batch.status == ImportStatus.STAGED:
        batch.status = IMPORT.target(batch.status, "restage", label=batch.sqid)
    try:
        staged = stage(batch, contract)
    except (UnreadableFile, WrongFile) as error:
        _refuse(batch, error.detail)
        return None
    _keep_staged(batch, staged)
    plan(batch, contract)
    return staged


def _clear_leftovers() -> None:
    """Staged rows of imports that ended while their process was being killed."""
    for table in ("feeds_plannedrow", "feeds_stagedrow"):
        with transaction(), connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE batch_id IN"  # noqa: S608
                " (SELECT id FROM feeds_import WHERE status = ANY(%s))",
                [[status.value for status in ENDED]],
            )


def _refuse(batch: Import, why: str) -> None:
    clear_staging(batch.pk)
    with transaction():
        batch.status = IMPORT.target(batch.status, "refuse", label=batch.sqid)
        batch.error, batch.finished_at = why, now()
        batch.received = batch.applied = batch.unchanged = batch.quarantined = batch.rejected = 0
        batch.save()


def _keep_staged(batch: Import, staged: Staged) -> None:
    batch.form = staged.binding.form
    batch.received = staged.received
    batch.stated = {
        **staged.form.stated(),
        "evidence": dict(staged.form.evidence),
        "header": list(staged.binding.header),
    }
    batch.answer = {
        "classes": dict(staged.classes),
        "flags": dict(staged.flags),
        "repairs": staged.repairs(),
    }
    batch.status = IMPORT.target(batch.status, "stage", label=batch.sqid)
    with transaction():
        batch.save()
        keep_profile(batch, staged.profile)


def _judge(batch: Import, contract: Contract, staged: Staged) -> None:
    """Hold the file, or start applying it; a dry run ends here."""
    judgement = judge(batch, contract, staged)
    pointers = check_pointers(batch, contract)
    if batch.dry_run:
        _end_dry_run(batch, contract, judgement, pointers, staged)
    elif judgement.stopping:
        hold(batch, judgement)
    else:
        report_additive(batch, judgement)
        _start(batch, contract, pointers)


def _end_dry_run(
    batch: Import,
    contract: Contract,
    judgement: Judgement,
    pointers: PointerCount,
    staged: Staged,
) -> None:
    """Say what would happen; nothing but the raw file and this answer is kept."""
    set_dangling(batch, list(pointers.dangling))
    _count_fates(batch)
    batch.quarantined += staged.problems
    batch.applied = fates(batch)[Fate.NEW]
    if judgement.stopping:
        batch.quarantined, batch.applied = batch.received, 0
        batch.unchanged = batch.rejected = 0
    batch.answer |= {
        "dry_run": True,
        "stopped": bool(judgement.stopping),
        "would_hold": would_be_held(batch),
        "totals": _totals(batch, contract, pointers),
        "drift": [finding.as_json() for finding in judgement.findings],
    }
    _end(batch)


def _start(batch: Import, contract: Contract, pointers: PointerCount) -> None:
    """Put aside what cannot be applied, count what is known, and open the way for the rest."""
    with transaction():
        set_dangling(batch, list(pointers.dangling))
        _count_fates(batch)
        unreadable = quarantine_unreadable(batch)
        quarantine_by_fate(batch, contract, pointers.dangling)
        batch.quarantined += unreadable
        batch.applied, batch.applied_through = 0, 0
        batch.planned = last_place(batch)
        batch.answer |= {"pointers": {"found": pointers.found, "resolved": pointers.resolved}}
        batch.answer["flags"] = {**batch.answer["flags"], "repeated": repeats(batch)}
        batch.status = IMPORT.target(batch.status, "apply", label=batch.sqid)
        batch.save()


def _count_fates(batch: Import) -> None:
    found = fates(batch)
    batch.unchanged = found[Fate.UNCHANGED]
    batch.rejected = found[Fate.REPEATED]
    batch.quarantined = found[Fate.CHANGED] + found[Fate.CLASHING] + found[Fate.DANGLING]


def _apply(batch: Import, contract: Contract, progress: Progress) -> None:
    said = apply_planned(batch, contract, progress)
    found = batch.answer.pop("pointers", {"found": 0, "resolved": 0})
    pointers = PointerCount(found["found"], found["resolved"])
    with transaction():
        batch.answer |= {**said, "totals": _totals(batch, contract, pointers)}
        replayed = _end_hold(batch)
        learn(batch)
        if batch.quarantined:
            events.quarantined(batch, rows=batch.quarantined, reason="rows were put aside")
        if replayed:
            events.replayed(batch, rows=replayed, applied=batch.applied)
            clear_alarm(batch, reason="The drift was confirmed and the file replayed.")
        _end(batch)


def _end_hold(batch: Import) -> int:
    """Rows held with their whole file have been taken up again, each exactly once."""
    held = QuarantinedRow.objects.filter(batch=batch, status="held")
    return held.update(status="replayed", decided_at=now(), decided_by=current().actor_id)


def _totals(batch: Import, contract: Contract, pointers: PointerCount) -> dict[str, Any]:
    totals: dict[str, Any] = totals_of(batch, contract)
    totals["pointers"] = {"found": pointers.found, "resolved": pointers.resolved}
    return totals


def _end(batch: Import) -> None:
    batch.status = IMPORT.target(batch.status, "finish", label=batch.sqid)
    batch.finished_at = now()
    batch.save()
