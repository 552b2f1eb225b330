"""Stock movements of a feed that belong to no order: opening receipts and adjustments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from lodestock.config.appliers.masters import Masters
from lodestock.config.appliers.places import FeedPlaces
from lodestock.feeds.ports import ImportRun
from lodestock.feeds.types import DocumentKind, FeedDocument, FeedLine
from lodestock.inventory.services import post_many
from lodestock.inventory.types import MovementLine, Place, PostingRequest

OPENING, RETURNED, ADJUSTMENT = "feeds.opening", "feeds.opening_return", "feeds.adjustment"
OPENING_REASON, ADJUSTMENT_REASON = "opening_balance", "imported_adjustment"
REASON_MAX = 200
LINES_MAX = 5_000

Quantities = Mapping[int, Decimal]


def open_stock(run: ImportRun, masters: Masters, places: FeedPlaces) -> None:
    """Bring in from OPENING, before anything left, exactly what the run's lines take out.

    Once for the whole file; after a restart the ledger answers that it was done.
    """
    needed: dict[int, Decimal] = defaultdict(Decimal)
    lines = 0
    for one in run.outgoing:
        if one.product.sku in masters.variants:
            needed[masters.variants[one.product.sku]] += one.quantity
            lines += one.lines
    variants = sorted(needed)
    for start in range(0, len(variants), LINES_MAX):
        some = {variant: needed[variant] for variant in variants[start : start + LINES_MAX]}
        if _post(run, (OPENING, f"{run.key}:{start}"), some, (places.opening, places.stock)):
            return
    run.count("opening_quantity", sum(needed.values(), Decimal(0)))
    run.count("opening_lines", lines)


def return_opening(
    run: ImportRun, lines: Sequence[FeedLine], masters: Masters, places: FeedPlaces
) -> None:
    """Give back what was opened for lines that then were refused."""
    surplus: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        surplus[masters.variants[line.product.sku]] += abs(line.quantity)
    _post(run, (RETURNED, _reference(run, lines)), surplus, (places.stock, places.opening))
    run.count("opening_quantity", -sum(surplus.values(), Decimal(0)))
    run.count("opening_lines", -len(lines))


def opened(run: ImportRun, document: FeedDocument, line: FeedLine) -> bool:
    """Whether the run's opening has brought in the goods of this line."""
    opening = run.contract.mapping.get("opening")
    if opening is None or line.product.service or document.row_class not in opening["classes"]:
        return False
    if document.kind is DocumentKind.ADJUSTMENT:
        return line.quantity < 0
    return document.kind is DocumentKind.OUTBOUND_SHIPMENT


def _reference(run: ImportRun, lines: Sequence[FeedLine]) -> str:
    rows = [line.row for line in lines]
    return f"{run.import_id}:{min(rows)}-{max(rows)}:{len(rows)}" if rows else ""


def _post(
    run: ImportRun,
    reference: tuple[str, str],
    needed: Quantities,
    way: tuple[Place, Place],
) -> bool:
    """Post, and say whether the ledger knew it already."""
    if not needed:
        return False
    lines = [
        MovementLine(variant, quantity, *way, reason_code=OPENING_REASON)
        for variant, quantity in sorted(needed.items())
    ]
    (receipt,) = post_many(
        [
            PostingRequest(
                kind="adjust",
                reference_type=reference[0],
                reference_id=reference[1],
                lines=lines,
                occurred_at=run.opening_at,
                reason="Goods whose receipts the feed does not tell",
            )
        ]
    )
    return receipt.replayed


def post_adjustments(
    documents: Sequence[FeedDocument], masters: Masters, places: FeedPlaces
) -> list[FeedLine]:
    """Post each line by itself, with the feed's own words as the reason. Returns the lines."""
    requests, done = [], []
    for document in documents:
        if document.kind is not DocumentKind.ADJUSTMENT:
            continue
        for line in document.lines:
            done.append(line)
            if not line.product.service:
                requests.append(_adjustment(document, line, masters, places))
    post_many(requests)
    return done


def _adjustment(
    document: FeedDocument, line: FeedLine, masters: Masters, places: FeedPlaces
) -> PostingRequest:
    out = line.quantity < 0
    movement = MovementLine(
        variant_id=masters.variants[line.product.sku],
        quantity=abs(line.quantity),
        source=places.stock if out else places.adjust,
        destination=places.adjust if out else places.stock,
        reason_code=ADJUSTMENT_REASON,
    )
    return PostingRequest(
        kind="adjust",
        reference_type=ADJUSTMENT,
        reference_id=f"{document.source}:{document.number}:{line.key}",
        lines=[movement],
        occurred_at=document.occurred_at,
        reason=(line.reason or "No reason given in the file")[:REASON_MAX],
    )
