"""Forms of the back office, filled in and sent as a browser would."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.forms import BaseForm
from django.test import Client

from lodestock.kernel.models import Record


def page(row: Record, verb: str = "change") -> str:
    """The address of a row's page: ``change``, ``delete``, ``history``."""
    meta = row._meta
    return f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/{verb}/"


def send(office: Client, address: str, **edits: Any) -> BaseForm | None:
    """Send a form as it was shown, with these edits; ``None`` when it was accepted.

    ``False`` and ``None`` leave a field out, as an empty box does.
    """
    shown = office.get(address)
    assert shown.status_code == 200, address
    form = shown.context["adminform"].form
    given = {bound.html_name: bound.value() for bound in form} | edits
    sent = {
        name: value for name, value in given.items() if value is not None and value is not False
    }
    for inline in shown.context.get("inline_admin_formsets") or ():
        for bound in inline.formset.management_form:
            sent[bound.html_name] = bound.value()
    answer = office.post(address, sent)
    if answer.status_code == 302:
        return None
    refused: BaseForm = answer.context["adminform"].form
    return refused


def told(row: Record) -> list[tuple[str, int | None, dict[str, Any]]]:
    """What was told of a row: event, actor, payload, in order."""
    events: Any = apps.get_model("eventstore.Event")._default_manager
    rows = events.filter(aggregate_type=type(row).__name__, aggregate_id=row.pk)
    return list(rows.order_by("seq").values_list("event_type", "actor_id", "payload"))


def newest(row: Record) -> tuple[int | None, str, set[str]]:
    """Who changed the row last, why, and which columns."""
    entry = row.history().first()
    assert entry is not None
    return entry.actor_id, entry.reason, set(entry.changes)
