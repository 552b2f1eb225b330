"""``/metrics``: figures of this process, and of the whole installation out of the database.

Queue depth, lag, parked events and job durations belong to no process: whichever one is asked
reads them from PostgreSQL. Request counts and latencies are per process; with several web
processes set ``PROMETHEUS_MULTIPROC_DIR`` and any of them answers for all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

import prometheus_client
import structlog
from django.db import Error as DatabaseFault
from prometheus_client import CollectorRegistry, multiprocess
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from lodestock.attention import selectors as attention
from lodestock.eventstore import selectors as eventstore
from lodestock.jobs import selectors as jobs

log = structlog.get_logger(__name__)


def render() -> bytes:
    """The text that Prometheus reads."""
    own = prometheus_client.REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        own = CollectorRegistry()
        multiprocess.MultiProcessCollector(own)
    installation = CollectorRegistry()
    installation.register(InstallationCollector())
    text: bytes = prometheus_client.generate_latest(own)
    return text + prometheus_client.generate_latest(installation)


class InstallationCollector(Collector):
    """Figures from the database. A part that cannot be read is left out and counted."""

    def collect(self) -> Iterator[Metric]:
        failed = GaugeMetricFamily(
            "lodestock_scrape_failed",
            "1 where a part of these figures could not be read.",
            labels=["part"],
        )
        for name, part in PARTS.items():
            try:
                found = list(part())
            except DatabaseFault as error:
                log.warning("metrics.part_failed", part=name, error=str(error).strip())
                failed.add_metric([name], 1)
                continue
            failed.add_metric([name], 0)
            yield from found
        yield failed


def _events() -> Iterable[Metric]:
    state = eventstore.horizon()
    yield GaugeMetricFamily(
        "lodestock_events_unplaced", "Events without a position (at most 10,000).", state.unplaced
    )
    yield GaugeMetricFamily(
        "lodestock_event_horizon_age_seconds",
        "Age of the oldest event without a position.",
        state.oldest_seconds,
    )
    yield CounterMetricFamily(
        "lodestock_events_placed", "Events that have a position.", eventstore.last_position()
    )


def _subscriptions() -> Iterable[Metric]:
    behind = GaugeMetricFamily(
        "lodestock_subscription_lag_events", "Positions not dealt with.", labels=["subscription"]
    )
    seconds = GaugeMetricFamily(
        "lodestock_subscription_lag_seconds", "Age of the oldest of them.", labels=["subscription"]
    )
    parked = GaugeMetricFamily(
        "lodestock_parked_events",
        "Events a subscriber failed on; dead ones wait for a person.",
        labels=["subscription", "state"],
    )
    for one in eventstore.subscription_status():
        behind.add_metric([one.name], one.behind)
        seconds.add_metric([one.name], one.behind_seconds)
        parked.add_metric([one.name, "waiting"], one.waiting)
        parked.add_metric([one.name, "dead"], one.dead)
    return behind, seconds, parked


def _jobs() -> Iterable[Metric]:
    state = jobs.backlog()
    depth = GaugeMetricFamily("lodestock_jobs", "Jobs that have not ended well.", labels=["state"])
    for name in ("due", "scheduled", "running", "abandoned", "failed"):
        depth.add_metric([name], getattr(state, name))
    yield depth
    yield GaugeMetricFamily(
        "lodestock_job_wait_seconds", "How long the oldest due job waits.", state.oldest_seconds
    )
    messages = jobs.embedded_queue_depth()
    if messages is not None:
        yield GaugeMetricFamily(
            "lodestock_queue_messages", "Messages in the embedded queue.", messages
        )


def _job_ends() -> Iterable[Metric]:
    ended = CounterMetricFamily(
        "lodestock_jobs_ended", "Jobs that ended.", labels=["kind", "status"]
    )
    lasted = HistogramMetricFamily(
        "lodestock_job_duration_seconds", "Duration of last attempts.", labels=["kind", "status"]
    )
    for tally in jobs.tallies():
        ended.add_metric([tally.kind, tally.status], tally.ended)
        lasted.add_metric([tally.kind, tally.status], _cumulated(tally.buckets), tally.seconds)
    return ended, lasted


def _cases() -> Iterable[Metric]:
    live = GaugeMetricFamily(
        "lodestock_live_cases", "Exception cases not closed.", labels=["severity"]
    )
    for severity, count in attention.live_by_severity().items():
        live.add_metric([severity], count)
    return (live,)


def _cumulated(buckets: tuple[int, ...]) -> list[tuple[str, float]]:
    total, found = 0, []
    for bound, count in zip([*map(str, jobs.BOUNDS), "+Inf"], buckets, strict=True):
        total += count
        found.append((bound, float(total)))
    return found


PARTS: dict[str, Callable[[], Iterable[Metric]]] = {
    "events": _events,
    "subscriptions": _subscriptions,
    "jobs": _jobs,
    "job_ends": _job_ends,
    "cases": _cases,
}
