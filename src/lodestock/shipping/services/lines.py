"""Write the lines of shipments, new ones and changed facts of known ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Max

from lodestock.catalog.selectors import variant_facts
from lodestock.kernel.rows import insert_rows, next_keys, update_rows
from lodestock.shipping.errors import ShipmentDiffers
from lodestock.shipping.models import Shipment, ShipmentLine
from lodestock.shipping.types import ShipmentInput, ShipmentLineInput

FACTS = (
    *("weight_kg", "weight_meaning", "weight_see_key", "freight_cost", "freight_meaning"),
    *("freight_see_key", "insurance_cost", "insurance_meaning"),
)
FIELDS = (
    *("id", "shipment", "line_no", "variant", "lot_id", "quantity", "cause_line", "source"),
    *("external_key", *FACTS),
)


@dataclass(slots=True)
class LineWork:
    """What became of the lines of one input. ``goods`` are those that were added."""

    line_ids: dict[str, int] = field(default_factory=dict)
    goods: list[tuple[str, Decimal]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


def add_lines(shipments: Sequence[tuple[Shipment, ShipmentInput]]) -> list[LineWork]:
    """Write the lines of these inputs. Raises :class:`ShipmentDiffers` (see ``plan_shipments``)."""
    known = _known_lines([row for row, given in shipments if given.external_id])
    last = _last_numbers([row for row, given in shipments if given.external_id])
    skus = _skus(shipments)
    keys = iter(next_keys(ShipmentLine, sum(len(given.lines) for _, given in shipments)))
    works, rows, changed = [], [], []
    for shipment, given in shipments:
        work = LineWork()
        for line in given.lines:
            old = known.get((shipment.pk, line.external_key)) if line.external_key else None
            if old is None:
                number = last[shipment.pk] = last.get(shipment.pk, 0) + 1
                key = next(keys)
                rows.append(_row(key, shipment, number, line))
                work.goods.append((skus[line.variant_id], line.quantity))
                work.added.append(line.external_key or line.cause_line)
            else:
                key = old["id"]
                _same_goods(shipment, old, line)
                if _facts(line) != tuple(old[name] for name in FACTS):
                    changed.append((key, *_facts(line)))
            work.line_ids[line.external_key or line.cause_line] = key
        works.append(work)
    insert_rows(ShipmentLine, FIELDS, rows)
    update_rows(ShipmentLine, FACTS, changed)
    return works


def _row(key: int, shipment: Shipment, number: int, line: ShipmentLineInput) -> tuple[Any, ...]:
    return (
        key,
        shipment.pk,
        number,
        line.variant_id,
        line.lot_id,
        line.quantity,
        line.cause_line,
        shipment.source,
        line.external_key,
        *_facts(line),
    )


def _facts(line: ShipmentLineInput) -> tuple[Any, ...]:
    weight, freight, insurance = line.weight, line.freight, line.insurance
    return (
        weight.value,
        weight.meaning.value,
        weight.see_key,
        freight.value,
        freight.meaning.value,
        freight.see_key,
        insurance.value,
        insurance.meaning.value,
    )


def _known_lines(shipments: Sequence[Shipment]) -> dict[tuple[int, str], dict[str, Any]]:
    if not shipments:
        return {}
    lines = ShipmentLine.objects.filter(shipment__in=[s.pk for s in shipments]).exclude(
        external_key=""
    )
    names = ("id", "shipment_id", "external_key", "variant_id", "quantity", *FACTS)
    return {(one["shipment_id"], one["external_key"]): one for one in lines.values(*names)}


def _last_numbers(shipments: Sequence[Shipment]) -> dict[int, int]:
    if not shipments:
        return {}
    lines = ShipmentLine.objects.filter(shipment__in=[s.pk for s in shipments]).order_by()
    return dict(lines.values_list("shipment_id").annotate(Max("line_no")))


def _skus(shipments: Sequence[tuple[Shipment, ShipmentInput]]) -> dict[int, str]:
    variants = {line.variant_id for _, given in shipments for line in given.lines}
    return {key: facts.sku for key, facts in variant_facts(variants).items()}


def _same_goods(shipment: Shipment, old: dict[str, Any], line: ShipmentLineInput) -> None:
    if (old["variant_id"], old["quantity"]) == (line.variant_id, line.quantity):
        return
    raise ShipmentDiffers(
        f"Line {line.external_key} of shipment {shipment.external_id or shipment.number} is known"
        f" with a quantity of {old['quantity'].normalize():f}; sent now:"
        f" {line.quantity.normalize():f}, or another article. Goods that left are corrected by a"
        " return, not by sending them again.",
        field="quantity",
        known=str(old["quantity"]),
        sent=str(line.quantity),
    )
