"""Is it alive, and may traffic come? What each check found, in words for the people who run it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from lodestock.eventstore import selectors as eventstore
from lodestock.inventory.services import months_prepared

HORIZON_MAX_SECONDS = 120.0
BROKER_TIMEOUT_SECONDS = 2.0
MONTHS_AHEAD_MIN = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. ``detail`` is for people inside; it may name processes and tables."""

    name: str
    ok: bool
    detail: str
    milliseconds: float


def readiness() -> list[Finding]:
    """Run every check; one that raises is not ok, with the first line of what it raised."""
    return [_run(name, check) for name, check in CHECKS.items()]


def _run(name: str, check: Callable[[], tuple[bool, str]]) -> Finding:
    began = time.perf_counter()
    try:
        ok, detail = check()
    except Exception as error:  # noqa: BLE001 - a check that cannot be made has failed
        ok, detail = False, f"{type(error).__name__}: {error}".partition("\n")[0][:200]
    return Finding(name, ok, detail, round((time.perf_counter() - began) * 1000, 1))


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_is_in_recovery()")
        version, standby = cursor.fetchone()
    return not standby, f"PostgreSQL {version}{', a standby: read-only' if standby else ''}"


def _migrations() -> tuple[bool, str]:
    missing = _missing_migrations()
    if missing:
        return False, f"not applied: {', '.join(missing[:5])}; run 'lodestock migrate'"
    return True, "all applied"


def _missing_migrations() -> list[str]:
    """Once nothing is missing that stays so for this process, whose code does not change."""
    found = _none_missing() if _none_missing.cache_info().currsize else _plan()
    if not found:
        _none_missing()
    return found


@cache
def _none_missing() -> list[str]:
    return []


def _plan() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _partitions() -> tuple[bool, str]:
    """A missing month partition fails every posting, so two must lie ahead."""
    ahead = months_prepared()
    if ahead < MONTHS_AHEAD_MIN:
        return False, f"{ahead} months of the ledger lie ahead; run 'lodestock ensure_partitions'"
    return True, f"{ahead} months of the ledger lie ahead"


def _horizon() -> tuple[bool, str]:
    state = eventstore.horizon()
    if state.oldest_seconds <= HORIZON_MAX_SECONDS:
        return True, f"{state.unplaced} events wait, the oldest {state.oldest_seconds:.1f} s"
    cause = state.holder or "no open transaction: is 'lodestock worker' running?"
    return False, f"events wait for {state.oldest_seconds:.0f} s; held back by {cause}"


def _broker() -> tuple[bool, str]:
    app = import_string(settings.JOB_CELERY_APP)
    with app.connection_for_write(connect_timeout=BROKER_TIMEOUT_SECONDS) as line:
        line.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_TIMEOUT_SECONDS)
    return True, "embedded queue" if not settings.BROKER_URL else line.transport.driver_name


CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "database": _database,
    "migrations": _migrations,
    "partitions": _partitions,
    "event_horizon": _horizon,
    "broker": _broker,
}
