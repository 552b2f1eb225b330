"""Grow and rearrange the tree of categories."""

from __future__ import annotations

from contextlib import AbstractContextManager

from lodestock.catalog.errors import CategoryCycle, Duplicate, Inactive, UnknownCategory
from lodestock.catalog.models import Category
from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.models.tree import lock_tree
from lodestock.kernel.texts import clean_code, clean_name


def create_category(
    *, code: str, name: str, parent_id: int | None = None, position: int = 0
) -> Category:
    """Add a category below ``parent_id`` (at the top without).

    Raises :class:`Duplicate` for a taken code or a name the parent already has below it,
    :class:`UnknownCategory` and :class:`Inactive` for the parent.
    """
    category = Category(
        code=clean_code(code, field="code"),
        name=clean_name(name, longest=120),
        parent=active_category(parent_id),
        position=position,
    )
    with transaction(), _refusing(category):
        category.save(force_insert=True)
    return category


def move_category(*, category_id: int, parent_id: int | None) -> Category:
    """Hang a category, with everything below it, under another one (or at the top).

    Raises :class:`CategoryCycle` when the new parent lies below the category itself, also when
    somebody else moves it there at the same moment; otherwise as :func:`create_category`.
    """
    with transaction():
        lock_tree(Category)
        category = category_of(category_id)
        category.parent = active_category(parent_id)
        with _refusing(category):
            category.save(update_fields=["parent", "updated_at"])
    return category


def change_category(
    *,
    category_id: int,
    code: str | None = None,
    name: str | None = None,
    position: int | None = None,
) -> Category:
    """Rename a category or change its place among its siblings; raises :class:`Duplicate`."""
    with transaction():
        category = category_of(category_id)
        category.code = category.code if code is None else clean_code(code, field="code")
        category.name = category.name if name is None else clean_name(name, longest=120)
        category.position = category.position if position is None else position
        with _refusing(category):
            category.save(update_fields=["code", "name", "position", "updated_at"])
    return category


def category_of(category_id: int) -> Category:
    """The category with this key. Raises :class:`UnknownCategory`."""
    found = Category.objects.filter(pk=category_id).first()
    if found is None:
        raise UnknownCategory("There is no such category: create it first.", field="category")
    return found


def active_category(category_id: int | None) -> Category | None:
    """The category to file something under. Raises also :class:`Inactive`."""
    if category_id is None:
        return None
    category = category_of(category_id)
    if not category.active:
        raise Inactive(
            f"The category {category.code} was deactivated: restore it or choose another.",
            field="category",
        )
    return category


def _refusing(category: Category) -> AbstractContextManager[None]:
    def cycle() -> CategoryCycle:
        upper = category.parent.code if category.parent else ""
        return CategoryCycle(
            f"{category.code} cannot lie below {upper}, which lies below {category.code}: move"
            f" {upper} elsewhere first.",
            field="parent",
        )

    return refusing(
        {
            "catalog_category_no_cycle": cycle,
            "catalog_category_code_key": lambda: Duplicate(
                f"There already is a category with the code {category.code!r}.", field="code"
            ),
            "catalog_category_name_in_parent": lambda: Duplicate(
                f"The parent already has a category called {category.name!r}.", field="name"
            ),
        }
    )
