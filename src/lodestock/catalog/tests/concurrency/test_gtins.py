"""One number, one thing: of a variant and a pack that want it at once, one gets it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from lodestock.catalog import services
from lodestock.catalog.errors import Duplicate
from lodestock.catalog.models import GtinClaim, Variant, VariantUom
from lodestock.catalog.tests.factories import a_variant
from lodestock.catalog.types import VariantSpec
from lodestock.kernel.db import transaction

EAN = "4006381333931"
STORED = f"0{EAN}"

Work = Callable[[], Any]


@pytest.fixture
def box(committing_db: Any) -> Variant:
    return a_variant("BOX")


@pytest.fixture
def other(committing_db: Any) -> Variant:
    return a_variant("OTHER")


def outcome(work: Work) -> Any:
    try:
        return work()
    except (Duplicate, IntegrityError) as error:
        return error
    finally:
        connection.close()


def while_the_first_is_not_committed(first: Work, second: Work) -> Any:
    """What becomes of ``second``, which begins before ``first`` has committed."""
    begun, found = threading.Event(), []

    def run() -> None:
        begun.set()
        found.append(outcome(second))

    thread = threading.Thread(target=run)
    with transaction():
        first()
        thread.start()
        assert begun.wait(10)
        thread.join(0.5)
        assert thread.is_alive(), "the second did not wait for the first"
    thread.join(20)
    return found[0]


def holders() -> set[str]:
    """Who has the number: SKUs, and SKUs with the unit of their pack."""
    packs = VariantUom.objects.filter(gtin=STORED).values_list("variant__sku", "uom__code")
    skus = Variant.objects.filter(gtin=STORED).values_list("sku", flat=True)
    return {*skus, *(f"{sku}/{uom}" for sku, uom in packs)}


def on_a_pack_of(variant: Variant) -> Work:
    return lambda: services.set_unit(variant_id=variant.pk, uom="case", factor=12, gtin=EAN)


def on(variant: Variant) -> Work:
    return lambda: services.change_variant(variant_id=variant.pk, gtin=EAN)


def test_a_pack_waits_for_the_variant_and_is_refused(box, other) -> None:
    refused = while_the_first_is_not_committed(on(box), on_a_pack_of(other))
    assert isinstance(refused, Duplicate)
    assert refused.field == "gtin"
    assert holders() == {"BOX"}


def test_a_variant_waits_for_the_pack_and_is_refused(box, other) -> None:
    refused = while_the_first_is_not_committed(on_a_pack_of(other), on(box))
    assert isinstance(refused, Duplicate)
    assert refused.field == "gtin"
    assert holders() == {"OTHER/case"}


def test_an_import_waits_for_the_pack_and_names_the_number(box, other) -> None:
    def brings() -> Any:
        return services.ensure_variants([VariantSpec(sku="NEW", name="New", gtin=EAN)])

    refused = while_the_first_is_not_committed(on_a_pack_of(other), brings)
    assert isinstance(refused, Duplicate)
    assert holders() == {"OTHER/case"}


def test_an_import_that_changes_a_variant_is_refused_as_well(box, other) -> None:
    def brings() -> Any:
        return services.ensure_variants([VariantSpec(sku="BOX", gtin=EAN)])

    refused = while_the_first_is_not_committed(on_a_pack_of(other), brings)
    assert isinstance(refused, Duplicate)
    assert holders() == {"OTHER/case"}


def test_raw_sql_meets_the_rule_on_every_path(box, other) -> None:
    on(box)()
    services.set_unit(variant_id=other.pk, uom="case", factor=12)
    packs = VariantUom.objects.filter(variant=other)
    writes: list[Work] = [
        lambda: packs.update(gtin=STORED),
        lambda: VariantUom.objects.bulk_update(
            [VariantUom(pk=packs.get().pk, gtin=STORED)], ["gtin"]
        ),
        lambda: VariantUom.objects.bulk_create(
            [VariantUom(variant=other, uom_id=box.product.base_uom_id, numerator=2, gtin=STORED)]
        ),
    ]
    for write in writes:
        with pytest.raises(IntegrityError, match="gtinclaim"), transaction():
            write()
    assert holders() == {"BOX"}


def test_a_number_that_was_given_up_is_free_again(box, other) -> None:
    on(box)()
    services.change_variant(variant_id=box.pk, gtin=None)
    on_a_pack_of(other)()
    services.set_unit(variant_id=other.pk, uom="case", factor=12)
    on(box)()
    assert holders() == {"BOX"}
    box.refresh_from_db()
    box.hard_delete(superuser=True, reason="made by mistake")
    on_a_pack_of(other)()
    claim = GtinClaim.objects.get()
    assert (claim.gtin, claim.variant_id, claim.unit_id) == (
        STORED,
        other.pk,
        VariantUom.objects.get(gtin=STORED).pk,
    )


def test_a_retired_thing_keeps_its_number(box, other) -> None:
    """It may be restored, and its labels are still about."""
    on(box)()
    services.deactivate_variant(variant_id=box.pk)
    with pytest.raises(Duplicate, match="BOX"):
        on_a_pack_of(other)()


def test_a_thing_may_be_given_its_own_number_again(box, other) -> None:
    for _ in range(2):
        on_a_pack_of(other)()
        on_a_pack_of(other)()
    services.ensure_variants([VariantSpec(sku="BOX", gtin="96385074")])
    services.ensure_variants([VariantSpec(sku="BOX", gtin="96385074", name="again")])
    assert GtinClaim.objects.count() == 2
