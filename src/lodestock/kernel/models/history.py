"""One history of all records, written by triggers, so that no path goes round it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models

from lodestock.kernel.fields import EnumField

from .fact import Fact


class ExactDecoder(json.JSONDecoder):
    """JSON numbers with a point come back as ``Decimal``, digit for digit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, parse_float=Decimal, **kwargs)


class History(Fact):
    """One change of one record: who, when, why, and the fields with old and new value.

    ``changes`` is ``{field: [old, new]}`` for an update, and the whole row, ``{field: value}``, for
    a creation or removal: pairs with a null cost four times the time of the row. ``pairs`` reads
    all three alike.
    """

    written_by = "functions"

    table_name = models.CharField(max_length=63)
    record_id = models.BigIntegerField()
    operation = EnumField(["create", "update", "delete"])
    actor_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    correlation_id = models.UUIDField(null=True)
    changes = models.JSONField(decoder=ExactDecoder)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["table_name", "record_id", "id"], name="history_of_record")]
        verbose_name = "history entry"
        verbose_name_plural = "history"

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} #{self.record_id}"

    @property
    def pairs(self) -> dict[str, tuple[Any, Any]]:
        """Old and new value by field; one side is null for a creation or removal."""
        if self.operation == "create":
            return {name: (None, value) for name, value in self.changes.items()}
        if self.operation == "delete":
            return {name: (value, None) for name, value in self.changes.items()}
        return {name: (old, new) for name, (old, new) in self.changes.items()}


_INSERT = """
    INSERT INTO kernel_history
        (table_name, record_id, operation, actor_id, reason, correlation_id, changes)
    SELECT TG_TABLE_NAME, changed.id, '{operation}',
           nullif(current_setting('lodestock.actor', true), '')::bigint,
           coalesce(current_setting('lodestock.reason', true), ''),
           nullif(current_setting('lodestock.correlation', true), '')::uuid,
           changed.changes
    FROM ({source}) AS changed
    WHERE changed.changes IS NOT NULL;
    RETURN NULL;
"""

_ONE_SIDED = """
    SELECT r.id, to_jsonb(r) - ARRAY[{hidden}] AS changes FROM {rows} AS r
"""

# "old" and "new" would be PL/pgSQL's own records, which a statement trigger does not have.
_BOTH_SIDES = """
    SELECT pair.id, (SELECT jsonb_object_agg(e.key, jsonb_build_array(pair.past -> e.key, e.value))
                     FROM jsonb_each(pair.present) AS e
                     WHERE e.value IS DISTINCT FROM pair.past -> e.key
                       AND e.key <> ALL (ARRAY[{hidden}])) AS changes
    FROM (SELECT n.id, to_jsonb(o) AS past, to_jsonb(n) AS present
          FROM old_rows AS o JOIN new_rows AS n ON n.id = o.id OFFSET 0) AS pair
"""


class HistoryTrigger(pgtrigger.Trigger):
    """After each statement, one history row for every record it changed.

    Statement level with transition tables: a bulk change of 10,000 rows runs one INSERT.
    Columns in the model's ``history_hidden`` (password hashes) never enter the history.
    """

    when = pgtrigger.After
    level = pgtrigger.Statement

    def get_func(self, model: Any) -> str:
        hidden = ["updated_at", *getattr(_real(model), "history_hidden", ())]
        names = ", ".join(f"'{name}'" for name in hidden)
        return _INSERT.format(operation=self._word, source=self._source.format(hidden=names))

    @property
    def _word(self) -> str:
        return {"INSERT": "create", "UPDATE": "update", "DELETE": "delete"}[str(self.operation)]

    @property
    def _source(self) -> str:
        if self._word == "update":
            return _BOTH_SIDES
        rows = "new_rows" if self._word == "create" else "old_rows"
        return _ONE_SIDED.replace("{rows}", rows)


def _real(model: type[models.Model]) -> type[models.Model]:
    """Migrations compile triggers for stand-ins, which lack the attributes of our classes."""
    try:
        return apps.get_model(model._meta.label)
    except LookupError:
        return model


def history_triggers() -> list[pgtrigger.Trigger]:
    """The three triggers (create, update, delete) of every record table."""
    new, old = {"new": "new_rows"}, {"old": "old_rows"}
    return [
        HistoryTrigger(
            name="history_create",
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(**new),
        ),
        HistoryTrigger(
            name="history_update",
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(**new, **old),
        ),
        HistoryTrigger(
            name="history_delete",
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(**old),
        ),
    ]
