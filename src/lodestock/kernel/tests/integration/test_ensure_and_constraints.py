"""Insert what is missing; explain what a constraint refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError

from lodestock.kernel.constraints import refusing
from lodestock.kernel.db import transaction
from lodestock.kernel.ensure import Ensured, insert_missing
from lodestock.kernel.errors import Conflict, InvalidInput
from lodestock.organisation.models import Calendar, Uom

pytestmark = pytest.mark.django_db

FIELDS = ("code", "name", "dimension", "factor", "is_base", "decimal_places")


def unit(code: str, factor: object = Decimal("1.000000000000001")) -> tuple:
    return code, f"Unit {code}", "count", factor, False, 3


def test_only_missing_rows_are_inserted_and_told():
    first = insert_missing(Uom, FIELDS, [unit("b"), unit("a")], key="code")
    again = insert_missing(Uom, FIELDS, [unit("b", None), unit("c", None)], key="code")
    assert (set(first), set(again)) == ({"a", "b"}, {"c"})
    kept = Uom.objects.get(pk=first["b"])
    assert (kept.factor, kept.decimal_places) == (Decimal("1.000000000000001"), 3)
    assert Uom.objects.get(pk=again["c"]).factor is None
    assert insert_missing(Uom, FIELDS, [], key="code") == {}


def test_inserted_rows_are_in_the_history():
    made = insert_missing(Uom, FIELDS, [unit("a")], key="code")
    assert Uom.objects.get(pk=made["a"]).history().get().operation == "create"


def test_arrays_and_json_arrive_whole():
    fields = ("code", "name", "weekdays")
    made = insert_missing(Calendar, fields, [("W", "Week", [1, 3]), ("N", "None", [])], key="code")
    assert Calendar.objects.get(pk=made["W"]).weekdays == [1, 3]
    assert Calendar.objects.get(pk=made["N"]).weekdays == []


def test_too_long_text_is_refused_not_cut():
    with pytest.raises(DataError), transaction():
        insert_missing(Uom, FIELDS, [unit("x" * 17)], key="code")


def test_a_named_constraint_becomes_a_refusal_and_the_transaction_lives_on():
    taken = {"organisation_uom_code_key": lambda: Conflict("The code is taken.", field="code")}
    with transaction():
        with pytest.raises(Conflict, match="taken"), refusing(taken):
            Uom.objects.create(code="kg", name="Again", dimension="mass", factor=1)
        assert Uom.objects.filter(code="kg").count() == 1
    with pytest.raises(IntegrityError), refusing({}):
        Uom.objects.create(code="kg", name="Again", dimension="mass", factor=1)


def test_the_answer_of_a_bulk_verb_adds_up():
    answer = Ensured()
    answer |= {"new": 1, "changed": 2, "same": 3}
    answer.created.add("new")
    answer.changed.add("changed")
    answer.refuse("bad", InvalidInput("no"), strict=False)
    assert (answer.unchanged, set(answer.refused)) == ({"same"}, {"bad"})
    with pytest.raises(InvalidInput):
        answer.refuse("worse", InvalidInput("no"), strict=True)
