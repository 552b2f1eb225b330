"""Categories of an import."""

from __future__ import annotations

from collections.abc import Mapping

from lodestock.catalog.errors import UnknownCategory
from lodestock.catalog.models import Category
from lodestock.catalog.services.categories import create_category
from lodestock.kernel.db import transaction
from lodestock.kernel.ensure import Ensured


def ensure_categories(paths: Mapping[str, tuple[str, str | None]]) -> Ensured:
    """Create the missing ones of ``{code: (name, code of the parent or None)}``, parents first.

    Existing categories stay where they are. Raises :class:`UnknownCategory` for a parent that is
    neither stored nor given, or that is given below itself.
    """
    result = Ensured()
    with transaction():
        wanted = {*paths, *(parent for _name, parent in paths.values() if parent)}
        result.update(Category.objects.filter(code__in=wanted).values_list("code", "id"))
        waiting = [code for code in paths if code not in result]
        while waiting:
            ready = [code for code in waiting if paths[code][1] in {None, *result}]
            if not ready:
                raise _lost(paths, waiting[0])
            for code in ready:
                _create(paths, code, result)
            waiting = [code for code in waiting if code not in result]
    return result


def _create(paths: Mapping[str, tuple[str, str | None]], code: str, result: Ensured) -> None:
    name, parent = paths[code]
    parent_id = result[parent] if parent else None
    result[code] = create_category(code=code, name=name, parent_id=parent_id).pk
    result.created.add(code)


def _lost(paths: Mapping[str, tuple[str, str | None]], code: str) -> UnknownCategory:
    return UnknownCategory(
        f"The category {code} lies below {paths[code][1]}, which is neither known nor given"
        " outside its own subtree: give the parent too.",
        field="parent",
    )
