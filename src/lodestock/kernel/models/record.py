"""``Record``: masters and documents. Changed in place, with every change remembered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

import pgtrigger
from django.db import connections, models
from django.db.models.functions import Now

from lodestock.kernel import clock, ids
from lodestock.kernel.context import acting
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Forbidden, InvalidInput, NotFound

from .history import History, history_triggers

M = TypeVar("M", bound="Record")


class RecordQuerySet(models.QuerySet[M]):
    """Questions every record answers; deleting means deactivating."""

    def active(self) -> Self:
        """Rows that were not (softly) deleted."""
        return self.filter(active=True)

    def by_sqid(self, sqid: str) -> M:
        """The row behind a public id. Raises :class:`NotFound`."""
        try:
            return self.get(pk=ids.decode(self.model._meta.label_lower, sqid))
        except self.model.DoesNotExist:
            name = self.model._meta.verbose_name
            raise NotFound(f"There is no {name} with the id {sqid!r}.", id=sqid) from None

    def deactivate(self) -> int:
        """Soft delete: hidden from lists, references and history stay."""
        return self.filter(active=True).update(active=False)

    def restore(self) -> int:
        """Undo a soft delete."""
        return self.filter(active=False).update(active=True)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Soft delete; see :meth:`Record.hard_delete` for the other kind."""
        count = self.deactivate()
        return count, {self.model._meta.label: count}


class Record(models.Model):
    """A business record: bigint id, public sqid, soft delete, timestamps, full history."""

    #: Columns whose values must not enter the history (secrets).
    history_hidden: ClassVar[tuple[str, ...]] = ()

    id = models.BigAutoField(primary_key=True)
    active = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now(), editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = [
            *history_triggers(),
            pgtrigger.Trigger(
                name="touch",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__updated_at=pgtrigger.F("old__updated_at")),
                func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="guard_delete",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func=(
                    "IF coalesce(current_setting('lodestock.hard_delete', true), '') <> 'on' THEN"
                    " RAISE EXCEPTION '% rows are deactivated, not deleted', TG_TABLE_NAME"
                    " USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD;"
                ),
            ),
        ]

    @property
    def sqid(self) -> str:
        """The public id, in every URL and answer."""
        return ids.encode(self._meta.label_lower, self.pk)

    def deactivate(self) -> None:
        """Soft delete this row."""
        self.active = False
        self.save(update_fields=["active", "updated_at"])

    def restore(self) -> None:
        """Undo a soft delete."""
        self.active = True
        self.save(update_fields=["active", "updated_at"])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Soft delete (the admin and REST ``DELETE`` come here)."""
        self.deactivate()
        return 1, {self._meta.label: 1}

    def hard_delete(self, *, superuser: bool, reason: str) -> None:
        """Remove the row for good; its history stays.

        Raises :class:`Forbidden` unless a superuser asks, :class:`InvalidInput` without a
        reason. Foreign keys protect what still refers to it.
        """
        if not superuser:
            raise Forbidden("Only a superuser may remove a record for good; deactivate it instead.")
        if not reason.strip():
            raise InvalidInput("A reason is needed to remove a record for good.", field="reason")
        with acting(reason=reason), transaction(using=self._state.db or "default"):
            using = self._state.db or "default"
            _allow_hard_delete(using, "on")
            super().delete()
            _allow_hard_delete(using, "")

    def history(self) -> models.QuerySet[History]:
        """Every change of this row, newest first."""
        table = self._meta.db_table
        return History.objects.filter(table_name=table, record_id=self.pk).order_by("-id")


def _allow_hard_delete(using: str, word: str) -> None:
    """Open the guard for one removal; an outer transaction goes on with it shut."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('lodestock.hard_delete', %s, true)", [word])


def touched(records: Iterable[Record]) -> list[Record]:
    """Set ``updated_at`` on rows about to be written by ``bulk_update``."""
    moment = clock.now()
    changed = list(records)
    for record in changed:
        record.updated_at = moment
    return changed
