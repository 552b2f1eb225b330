"""What the catalogue tells, once per change and nothing when nothing changed."""

from __future__ import annotations

import pytest

from lodestock.catalog import services
from lodestock.catalog.tests.factories import a_t_shirt, a_variant
from lodestock.catalog.types import VariantSpec
from lodestock.eventstore.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _checked_against_their_schemas(settings):
    settings.EVENT_SCHEMAS_CHECKED = True


def told(aggregate: str, key: int) -> list[tuple[str, dict]]:
    rows = Event.objects.filter(aggregate_type=aggregate, aggregate_id=key).order_by("seq")
    return list(rows.values_list("event_type", "payload"))


def test_a_product_and_each_variant_are_told():
    shirt = a_t_shirt()
    assert [name for name, _ in told("Product", shirt.pk)] == ["ProductCreated"]
    for variant in shirt.variants.all():
        assert [name for name, _ in told("Variant", variant.pk)] == ["VariantCreated"]


def test_a_change_tells_old_and_new_and_a_repetition_tells_nothing():
    variant = a_variant()
    for _ in range(2):
        services.change_variant(variant_id=variant.pk, name="Bigger box", currency="EUR")
    (_, _), (name, payload) = told("Variant", variant.pk)
    assert name == "VariantChanged"
    assert payload == {
        "sku": "BX-204",
        "gtin": None,
        "kind": "product",
        "changes": {"name": ["Box BX-204", "Bigger box"], "currency": [None, "EUR"]},
    }


def test_retiring_and_restoring_are_told():
    variant = a_variant()
    services.deactivate_variant(variant_id=variant.pk, reason="out of fashion")
    services.deactivate_variant(variant_id=variant.pk, reason="again")
    services.restore_variant(variant_id=variant.pk)
    names = [name for name, _ in told("Variant", variant.pk)]
    assert names == ["VariantCreated", "VariantDeactivated", "VariantChanged"]


def test_an_import_tells_only_what_it_changed():
    specs = [VariantSpec(sku=f"S{n}", name=f"Thing {n}") for n in range(10)]
    ids = services.ensure_variants(specs)
    services.ensure_variants(specs)
    services.ensure_variants([VariantSpec(sku="S3", name="Better thing")])
    assert [name for name, _ in told("Variant", ids["S3"])] == ["VariantCreated", "VariantChanged"]
    assert [name for name, _ in told("Variant", ids["S4"])] == ["VariantCreated"]
