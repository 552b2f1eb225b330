"""What every table of ours has in common, read off the models themselves."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from lodestock.kernel import ids
from lodestock.kernel.fields import StatusField
from lodestock.kernel.models import Fact, Projection, Record
from lodestock.kernel.numbers import AMOUNT_PLACES, QUANTITY_DIGITS, QUANTITY_PLACES

OURS = sorted(
    (
        model
        for model in apps.get_models()
        if model.__module__.startswith("lodestock.") and not model._meta.proxy
    ),
    key=lambda model: model._meta.label,
)
RECORDS = [model for model in OURS if issubclass(model, Record)]
BASES = (Record, Fact, Projection)
SHAPES = {(QUANTITY_DIGITS, QUANTITY_PLACES), (QUANTITY_DIGITS, AMOUNT_PLACES)}
PURE_NUMBER = re.compile(r"(^|_)(percent|tolerance|factor|numerator|denominator|rate|days)(_|$)")
# The bits of pg_trigger.tgtype for DELETE, UPDATE and TRUNCATE.
CHANGES = 8 | 16 | 32

every_model = pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
every_record = pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)


@every_model
def test_a_model_is_of_exactly_one_kind(model):
    assert [base for base in BASES if issubclass(model, base)].__len__() == 1


@every_record
def test_a_record_has_an_alphabet_for_its_public_id(model):
    alphabets = json.loads(ids.ALPHABETS_FILE.read_text())
    assert model._meta.label_lower in alphabets, "lodestock make_sqid_alphabets"


def test_no_two_models_share_an_alphabet():
    counted = Counter(json.loads(ids.ALPHABETS_FILE.read_text()).values())
    assert not [alphabet for alphabet, times in counted.items() if times > 1]


@every_record
def test_a_record_has_the_columns_and_triggers_of_its_base(model):
    columns = {field.name for field in model._meta.fields}
    assert {"id", "active", "created_at", "updated_at"} <= columns
    triggers = {trigger.name for trigger in model._meta.triggers}
    assert {trigger.name for trigger in Record._meta.triggers} <= triggers


def test_a_fact_refuses_change_in_the_database_itself(db, owner_connection):
    """By trigger, so that not even the owner does it by accident; partitions included."""
    facts = {model._meta.db_table for model in OURS if issubclass(model, Fact)}
    rows = owner_connection.execute(
        "SELECT c.relname, bit_or(t.tgtype::int) FROM pg_class c"
        " JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'"
        " WHERE c.relkind IN ('r', 'p') GROUP BY 1"
    ).fetchall()
    guarded = {name for name, events in rows if events & CHANGES == CHANGES}
    assert not facts - guarded


@every_model
def test_no_column_is_a_binary_float(model):
    assert not [f.name for f in model._meta.fields if isinstance(f, models.FloatField)]


@every_model
def test_quantities_prices_and_amounts_have_the_declared_shapes(model):
    """Everything else with decimals is a pure number, and its name says so."""
    odd = [
        f"{field.name} numeric({field.max_digits},{field.decimal_places})"
        for field in model._meta.fields
        if isinstance(field, models.DecimalField)
        and (field.max_digits, field.decimal_places) not in SHAPES
        and not PURE_NUMBER.search(field.name)
    ]
    assert not odd


@every_model
def test_a_status_is_a_closed_list_with_a_transition_table(model):
    """A record's `status` moves by verbs; a fact or projection copies somebody else's."""
    for field in model._meta.fields:
        if field.name == "status" and issubclass(model, Record):
            assert isinstance(field, StatusField), f"{model._meta.label}.status"
            assert field.machine.transitions
        elif field.name == "status" and not isinstance(field, models.IntegerField):
            assert field.choices, f"{model._meta.label}.status is free text"


@every_model
def test_foreign_keys_protect_what_they_point_to(model):
    dangerous = [
        field.name
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.CASCADE
        and issubclass(model, Record)
        and not field.remote_field.parent_link
    ]
    assert not dangerous


@every_model
def test_the_back_office_shows_every_model(model):
    if isinstance(model._meta.pk, models.CompositePrimaryKey):
        assert not admin.site.is_registered(model), "Django's admin cannot show a composite key"
    else:
        assert admin.site.is_registered(model), f"{model._meta.label} is missing in admin.py"


def test_no_product_carries_a_quantity():
    """Stock is at a place, never on the thing (requirement A-88)."""
    words = ("quantity", "on_hand", "stock")
    for name in ("Product", "Variant"):
        columns = [field.name for field in apps.get_model("catalog", name)._meta.fields]
        assert not [column for column in columns if any(word in column for word in words)]


def test_the_migrations_describe_the_models():
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    missing = detector.changes(graph=loader.graph)
    assert not {
        app: [str(op) for m in found for op in m.operations] for app, found in missing.items()
    }
