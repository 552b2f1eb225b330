"""Write only what an import really changes."""

from __future__ import annotations

from typing import Any

from lodestock.catalog import events
from lodestock.catalog.models import Variant
from lodestock.catalog.services.bulk.reading import Wanted
from lodestock.catalog.services.gtins import gtin_refusals, refuse_taken_gtin, taken
from lodestock.catalog.services.variants import told
from lodestock.eventstore import services as eventstore
from lodestock.kernel.constraints import refusing
from lodestock.kernel.ensure import Ensured
from lodestock.kernel.errors import LodestockError

Changes = dict[str, tuple[Any, Any]]


def update_changed(
    known: dict[str, Variant], wanted: dict[str, Wanted], result: Ensured, *, strict: bool
) -> None:
    """Bring known variants to what was stated; those that already are stay untouched."""
    suspects = [
        known[sku].pk for sku, row in wanted.items() if sku in known and _diff(known[sku], row)
    ]
    if not suspects:
        return
    # Compared again under lock: another import may have written since the first look.
    locked = Variant.objects.select_for_update(of=("self",), no_key=True)
    changed: dict[Variant, Changes] = {}
    for variant in locked.filter(pk__in=suspects).select_related("product").order_by("id"):
        changes = _diff(variant, wanted[variant.sku])
        try:
            if changes.get("gtin"):
                refuse_taken_gtin(changes["gtin"][1], variant_id=variant.pk)
        except LodestockError as error:
            result.refuse(variant.sku, error, strict=strict)
            continue
        if changes:
            changed[variant] = changes
    _write(changed, result)


def _diff(variant: Variant, row: Wanted) -> Changes:
    changes: Changes = {}
    for name, value in row.columns.items():
        old = getattr(variant, name)
        new = {**old, **value} if name == "attributes" else value
        if new != old:
            changes[name] = (old, new)
    return changes


def _write(changed: dict[Variant, Changes], result: Ensured) -> None:
    if not changed:
        return
    for variant, changes in changed.items():
        for name, (_old, new) in changes.items():
            setattr(variant, name, new)
    columns = sorted({name.removesuffix("_id") for changes in changed.values() for name in changes})
    numbers = [variant.gtin for variant in changed if variant.gtin]
    with refusing(gtin_refusals(lambda: taken(numbers))):
        Variant.objects.bulk_update(changed, columns, batch_size=2_000)
    eventstore.append_many(
        [events.variant_changed(v, v.product, told(changes)) for v, changes in changed.items()]
    )
    result.changed |= {variant.sku for variant in changed}
