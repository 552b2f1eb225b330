"""What the database itself holds true of the tree of locations."""

from __future__ import annotations

import pgtrigger
from django.db import models

from lodestock.kernel.models.tree import REFUSE_CYCLE, tree_locks

_PLACE = """
    IF NEW.parent_id IS NULL THEN
        NEW.path = NEW.code;
        RETURN NEW;
    END IF;
    SELECT path, site_id, kind INTO upper FROM {table} WHERE id = NEW.parent_id;
    IF upper.site_id IS DISTINCT FROM NEW.site_id
       OR (upper.kind = 'virtual') <> (NEW.kind = 'virtual') THEN
        RAISE EXCEPTION 'location % belongs to another site or sort than its parent', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'locations_location_same_site';
    END IF;
    NEW.path = upper.path || '/' || NEW.code;
    RETURN NEW;
"""

_CHILDREN = """
    UPDATE {table} SET path = NEW.path || '/' || code WHERE parent_id = NEW.id;
    RETURN NULL;
"""

_FIXED = """
    RAISE EXCEPTION 'location %: site and sort (physical or virtual) are fixed', OLD.path
        USING ERRCODE = 'check_violation', CONSTRAINT = 'locations_location_fixed';
"""


class Place(pgtrigger.Trigger):
    """Before a location gets its parent or code: refuse a cycle, then write the path.

    ``path`` is in the list of columns so that nobody can write another path than the true one.
    """

    when = pgtrigger.Before
    declare = [("upper", "record")]

    def get_func(self, model: type[models.Model]) -> str:  # type: ignore[override]
        table = model._meta.db_table
        return REFUSE_CYCLE.format(table=table) + _PLACE.format(table=table)


class PassPathOn(pgtrigger.Trigger):
    """After a path changed: the children follow, and theirs after them."""

    when = pgtrigger.After

    def get_func(self, model: type[models.Model]) -> str:  # type: ignore[override]
        return _CHILDREN.format(table=model._meta.db_table)


def location_triggers() -> list[pgtrigger.Trigger]:
    """Locks, path, and what may never change."""
    changed = pgtrigger.Q(old__path__df=pgtrigger.F("new__path"))
    became_other = pgtrigger.Q(old__site_id__df=pgtrigger.F("new__site_id")) | pgtrigger.Q(
        old__virtual_kind__df=pgtrigger.F("new__virtual_kind")
    )
    return [
        *tree_locks("parent_id", "code"),
        Place(
            name="place",
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "code", "path"),
        ),
        PassPathOn(name="pass_on_path", operation=pgtrigger.Update, condition=changed),
        pgtrigger.Trigger(
            name="fixed",
            operation=pgtrigger.UpdateOf("site_id", "virtual_kind"),
            when=pgtrigger.Before,
            condition=became_other,
            func=_FIXED,
        ),
    ]
