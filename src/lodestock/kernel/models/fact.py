"""``Fact``: something that happened. Append-only, for ever, in the database itself."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from lodestock.kernel import ids
from lodestock.kernel.errors import Conflict


class FactQuerySet(models.QuerySet[Any]):
    """Refuses in Python what the trigger refuses in PostgreSQL, with a kinder message."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise _append_only(self.model)

    def delete(self) -> NoReturn:
        raise _append_only(self.model)


class Fact(models.Model):
    """Postings, movements, events, raw messages, snapshots: written once, never changed.

    A mistake is corrected by another fact that refers to it.
    """

    #: ``"functions"``: not even INSERT for the program; only our SQL functions write it.
    written_by: ClassVar[str] = "program"

    id = models.BigAutoField(primary_key=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func=(
                    "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME"
                    " USING ERRCODE = 'restrict_violation';"
                ),
            ),
        ]

    @property
    def sqid(self) -> str:
        return ids.encode(self._meta.label_lower, self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise _append_only(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise _append_only(type(self))


def _append_only(model: type[models.Model]) -> Conflict:
    name = model._meta.verbose_name
    return Conflict(f"A {name} is never changed or deleted: record a correction that refers to it.")
