"""A warehouse to measure in: bins, variants, and stock on the shelves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.apps import apps

from lodestock.inventory import services as inventory
from lodestock.inventory.types import MovementLine, Place, PostingRequest

T = TypeVar("T")
PLENTY = Decimal(1_000_000)
LINES_PER_CALL = 5_000


@dataclass(frozen=True)
class World:
    """Keys of what was made; `supplier`, `customer`, `opening` are the virtual locations."""

    site: int
    warehouse: int
    bins: list[int]
    variants: list[int]
    supplier: int
    customer: int
    opening: int


def model(label: str) -> Any:
    """Return a model by its label: benches look into rooms, programs do not."""
    return apps.get_model(label)


def build(*, variants: int, bins: int, tracking: str = "none") -> World:
    """Make one site with a warehouse, `bins` bins and `variants` variants."""
    site = model("organisation.Site").objects.create(
        code="BENCH",
        name="Bench",
        time_zone="Europe/Berlin",
        currency=model("organisation.Currency").objects.get(code="EUR"),
    )
    location = model("locations.Location")
    warehouse = location.objects.create(site=site, kind="warehouse", code="BENCH")
    made = location.objects.bulk_create(
        [
            location(site=site, parent=warehouse, kind="bin", code=f"B{number:06d}")
            for number in range(bins)
        ],
        batch_size=5_000,
    )
    return World(
        site.pk,
        warehouse.pk,
        [one.pk for one in made],
        make_variants(variants, tracking=tracking),
        *(virtual(kind) for kind in ("supplier", "customer", "opening")),
    )


def virtual(kind: str) -> int:
    """Return the key of a virtual location of the whole network."""
    return int(model("locations.Location").objects.get(virtual_kind=kind, site=None).pk)


def make_variants(number: int, *, tracking: str = "none", prefix: str = "V") -> list[int]:
    """Make `number` variants of one product and return their keys."""
    variant = model("catalog.Variant")
    product = model("catalog.Product").objects.create(
        code=f"BENCH-{prefix}",
        name="Bench product",
        base_uom=model("organisation.Uom").objects.get(code="each"),
    )
    made = variant.objects.bulk_create(
        [
            variant(
                product=product,
                option_key=str(i),
                sku=f"{prefix}{i:06d}",
                name=f"Variant {i}",
                tracking=tracking,
            )
            for i in range(number)
        ],
        batch_size=5_000,
    )
    return [one.pk for one in made]


def chunks(items: Sequence[T], size: int) -> Iterator[list[T]]:
    """Cut into lists of `size`."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def stock_up(
    world: World,
    pairs: Sequence[tuple[int, int]],
    *,
    quantity: Decimal = PLENTY,
    key: str = "opening",
) -> None:
    """Put `quantity` of each (variant, bin) pair there, from the virtual OPENING place."""
    for number, part in enumerate(chunks(pairs, LINES_PER_CALL)):
        lines = [
            MovementLine(
                variant_id=variant,
                quantity=quantity,
                source=Place(world.opening),
                destination=Place(place),
                reason_code="opening_balance",
            )
            for variant, place in part
        ]
        request = PostingRequest(
            kind="adjust", reference_type="bench", reference_id=f"{key}-{number}", lines=lines
        )
        inventory.post_many([request])
