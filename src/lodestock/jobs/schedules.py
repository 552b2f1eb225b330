"""Schedules in the database: seeded once, then they belong to the people who run the site."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from .types import Daily, Every, Schedule

SWEEP = Schedule("Send due and abandoned jobs again", Every(10), task="lodestock.jobs.sweep")


def listed() -> Sequence[Schedule]:
    """The sweeper, and what config lists (``JOB_SCHEDULES``)."""
    path = getattr(settings, "JOB_SCHEDULES", "")
    return [SWEEP, *(import_string(path) if path else ())]


def ensure_schedules(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """After every migrate: add entries that are missing by name; never change one."""
    if sender.label not in {"jobs", "django_celery_beat"} or not _ready(using):
        return
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(using)
    known = set(tasks.values_list("name", flat=True))
    for schedule in listed():
        if schedule.name not in known:
            tasks.create(**_row(schedule, using))


def _row(schedule: Schedule, using: str) -> dict[str, Any]:
    arguments = {"kind": schedule.kind, "params": schedule.params} if schedule.kind else {}
    expires = schedule.when.seconds * 3 if isinstance(schedule.when, Every) else 3600
    return {
        "name": schedule.name,
        "task": schedule.task,
        "kwargs": json.dumps(arguments),
        "queue": "lodestock",
        "expire_seconds": expires,
        **_timetable(schedule.when, using),
    }


def _timetable(when: Every | Daily, using: str) -> dict[str, Any]:
    if isinstance(when, Every):
        intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects.using(using)
        interval, _ = intervals.get_or_create(every=when.seconds, period="seconds")
        return {"interval": interval}
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule").objects.using(using)
    crontab, _ = crontabs.get_or_create(
        minute=str(when.minute),
        hour=str(when.hour),
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone="UTC",
    )
    return {"crontab": crontab}


def _ready(using: str) -> bool:
    tables = connections[using].introspection.table_names()
    return "django_celery_beat_periodictask" in tables
