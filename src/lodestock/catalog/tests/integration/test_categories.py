"""The tree of categories (A-04)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lodestock.catalog import selectors, services
from lodestock.catalog.errors import CategoryCycle, Duplicate, Inactive, UnknownCategory
from lodestock.catalog.models import Category
from lodestock.catalog.tests.factories import a_category_line, a_product

pytestmark = pytest.mark.django_db


def test_a_filter_by_a_parent_returns_everything_below_it():
    line = a_category_line(7)
    other = services.create_category(code="other", name="Other")
    for number, category in enumerate(line):
        a_product(f"P{number}", category_id=category.pk)
    a_product("Q", category_id=other.pk)
    with CaptureQueriesContext(connection) as asked:
        found = [product.code for product in selectors.products_under(line[2].pk)]
    assert found == ["P2", "P3", "P4", "P5", "P6"]
    assert len(asked) == 1
    assert [c.code for c in selectors.categories_under(line[5].pk)] == ["c5", "c6"]
    assert {v.sku for v in selectors.variants_under(line[6].pk)} == {"P6"}


def test_a_category_below_itself_is_refused_in_words():
    line = a_category_line(5)
    with pytest.raises(CategoryCycle, match="c0 cannot lie below c4, which lies below c0"):
        services.move_category(category_id=line[0].pk, parent_id=line[4].pk)
    with pytest.raises(CategoryCycle):
        services.move_category(category_id=line[0].pk, parent_id=line[0].pk)
    line[0].refresh_from_db()
    assert line[0].parent is None


@pytest.mark.parametrize("below", [0, 1, 5])
def test_the_database_itself_refuses_a_cycle(below):
    line = a_category_line(6)
    with pytest.raises(IntegrityError, match="cycle in catalog_category"), transaction.atomic():
        Category.objects.filter(pk=line[0].pk).update(parent=line[below])
    with (
        pytest.raises(IntegrityError, match="cycle in catalog_category"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE catalog_category SET parent_id = %s WHERE id = %s",
            [line[below].pk, line[0].pk],
        )


def test_two_rows_of_one_statement_cannot_swap_into_a_cycle():
    first, second = a_category_line(1, "a")[0], a_category_line(1, "b")[0]
    with (
        pytest.raises(IntegrityError, match="cycle"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE catalog_category SET parent_id = CASE id WHEN %s THEN %s ELSE %s END"
            " WHERE id IN (%s, %s)",
            [first.pk, second.pk, first.pk, first.pk, second.pk],
        )


def test_new_rows_that_name_each_other_as_parents_are_refused():
    with (
        pytest.raises(IntegrityError, match="cycle"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO catalog_category (id, parent_id, code, name, position)"
            " VALUES (9001, 9002, 'x', 'x', 0), (9002, 9001, 'y', 'y', 0)"
        )


def test_codes_and_names_below_one_parent_are_unique():
    line = a_category_line(2)
    with pytest.raises(Duplicate, match="with the code 'c0'"):
        services.create_category(code="c0", name="New")
    with pytest.raises(Duplicate, match="already has a category called 'c1'"):
        services.create_category(code="new", name="c1", parent_id=line[0].pk)
    with pytest.raises(Duplicate):
        services.create_category(code="new", name="c0")


def test_nothing_is_filed_under_what_is_retired_or_unknown():
    (category,) = a_category_line(1)
    category.deactivate()
    with pytest.raises(Inactive, match="c0 was deactivated"):
        a_product(category_id=category.pk)
    with pytest.raises(UnknownCategory):
        services.create_category(code="x", name="x", parent_id=10**9)


def test_an_import_creates_parents_first_and_keeps_what_is_there():
    given = {"c": ("C", "b"), "b": ("B", "a"), "a": ("A", None)}
    first = services.ensure_categories(given)
    again = services.ensure_categories(given)
    assert first.created == {"a", "b", "c"}
    assert dict(again) == dict(first)
    assert again.unchanged == {"a", "b", "c"}
    assert Category.objects.get(code="c").parent.code == "b"
    with pytest.raises(UnknownCategory, match="x lies below y"):
        services.ensure_categories({"x": ("X", "y"), "y": ("Y", "x")})
