"""Goods between the sites, kits, counted shelves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.apps import apps

from lodestock.inventory import selectors as stock
from lodestock.inventory import services as inventory
from lodestock.inventory.types import MovementLine, Place, PostingRequest
from lodestock.shell.demo.catalogue import KITS
from lodestock.shell.demo.plan import PlannedCount, PlannedKitting, PlannedTransfer

from .keys import Keys, at

TRANSFER, KITTING, COUNT = "transfer", "kitting", "count"


def depart(keys: Keys, transfers: Sequence[PlannedTransfer]) -> None:
    """Load the lorry: from the shelves into transit, the lots that expire first in front."""
    inventory.post_many(
        [
            PostingRequest(
                kind="transfer",
                reference_type=TRANSFER,
                reference_id=one.key,
                step="ship",
                lines=[
                    line
                    for sku, quantity in one.lines
                    for line in _taken(
                        keys, one.origin, sku, quantity, Place(keys.virtual("transit"))
                    )
                ],
                occurred_at=at(one.origin, one.leaves_on, 20),
            )
            for one in transfers
        ]
    )


def arrive(keys: Keys, transfers: Sequence[PlannedTransfer]) -> None:
    """Unload it: what left arrives, lot by lot, at its home bin."""
    inventory.post_many(
        [
            PostingRequest(
                kind="transfer",
                reference_type=TRANSFER,
                reference_id=one.key,
                step="receive",
                lines=[
                    MovementLine(
                        variant,
                        quantity,
                        Place(keys.virtual("transit")),
                        Place(keys.home(one.destination, keys.codes[variant])),
                        lot or 0,
                    )
                    for variant, lot, quantity in _loaded(one.key)
                ],
                occurred_at=at(one.destination, one.arrives_on, 7),
            )
            for one in transfers
        ]
    )


def assemble(keys: Keys, kittings: Sequence[PlannedKitting]) -> None:
    """Parts go to the bench, kits come back."""
    requests = []
    for one in kittings:
        bench = Place(keys.virtual("production"))
        parts = [
            line
            for sku, each in KITS[one.sku]
            for line in _taken(keys, one.site, sku, each * one.quantity, bench)
        ]
        home = Place(keys.home(one.site, one.sku))
        kit = MovementLine(keys.articles[one.sku], Decimal(one.quantity), bench, home)
        for step, kind, lines, hour in (
            ("use", "consume", parts, 15),
            ("make", "produce", [kit], 16),
        ):
            moment = at(one.site, one.day, hour)
            requests.append(PostingRequest(kind, KITTING, one.key, lines, step, "", moment))
    inventory.post_many(requests)


def count(keys: Keys, counts: Sequence[PlannedCount]) -> None:
    """Post what a count found, with its reason."""
    requests = []
    for one in counts:
        shelf, found = Place(keys.home(one.site, one.sku)), Place(keys.virtual("count"))
        source, destination = (found, shelf) if one.delta > 0 else (shelf, found)
        line = MovementLine(
            keys.articles[one.sku],
            Decimal(abs(one.delta)),
            source,
            destination,
            reason_code="count_difference",
        )
        moment = at(one.site, one.day, 17)
        requests.append(PostingRequest("adjust", COUNT, one.key, [line], "", "", moment))
    inventory.post_many(requests)


def _taken(
    keys: Keys, site: str, sku: str, quantity: int, destination: Place
) -> Iterator[MovementLine]:
    """Lines that take a quantity off its home shelf, by lot, the one that expires first first."""
    variant, home = keys.articles[sku], keys.home(site, sku)
    rows = stock.balances(variant_ids=[variant], location_ids=[home], status="available")
    left = Decimal(quantity)
    for row in sorted(rows, key=lambda one: _expiry(one.lot_id)):
        part = min(left, row.available)
        if part > 0:
            yield MovementLine(variant, part, Place(home), destination, row.lot_id)
            left -= part


def _expiry(lot_id: int) -> tuple[Any, int]:
    lots: Any = apps.get_model("inventory.Lot")._default_manager
    return (lots.values_list("expires_on", flat=True).get(pk=lot_id) if lot_id else 0, lot_id)


def _loaded(key: str) -> list[tuple[int, int | None, Decimal]]:
    movements: Any = apps.get_model("inventory.Movement")._default_manager
    rows = movements.filter(
        posting__reference_type=TRANSFER, posting__reference_id=key, posting__step="ship"
    )
    return list(rows.order_by("id").values_list("variant_id", "lot_id", "quantity"))
