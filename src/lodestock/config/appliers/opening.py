"""Stock lists of a feed: what lies where when somebody begins to work with the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lodestock.catalog.selectors import unit_tables, variant_facts
from lodestock.config.appliers.masters import Masters
from lodestock.config.appliers.places import FeedPlaces
from lodestock.config.appliers.shelves import Shelves
from lodestock.feeds.ports import ImportRun
from lodestock.feeds.types import DocumentKind, FeedDocument, FeedLine, RowFate, RowResult
from lodestock.inventory.errors import AlreadyPosted
from lodestock.inventory.services import post_many
from lodestock.inventory.types import MovementLine, Place, PostingRequest
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import LodestockError
from lodestock.kernel.numbers import QUANTITY_PLACES

REFERENCE, REASON = "feeds.opening_stock", "opening_balance"
NO_STOCK = "without_stock"
REFERENCE_MAX = 160
TRACKED = {
    "lot": "its lot",
    "serial": "its serial numbers",
    "unit": "its handling units",
}


@dataclass(frozen=True, slots=True)
class _Ready:
    """A line that can be booked."""

    line: FeedLine
    request: PostingRequest
    quantity: Decimal


def apply_opening_stock(
    run: ImportRun,
    documents: Sequence[FeedDocument],
    masters: Masters,
    places: FeedPlaces,
    shelves: Shelves,
) -> list[RowResult]:
    """Book each line from OPENING to its place. A line without a quantity makes its article alone.

    Lines that cannot be booked (below zero, an unknown place or unit, an article tracked by lot)
    are held one by one.
    """
    lines = [
        (document, line)
        for document in documents
        if document.kind is DocumentKind.OPENING_STOCK
        for line in document.lines
    ]
    if not lines:
        return []
    shelves.expect({line.place for _, line in lines if line.quantity})
    results: list[RowResult] = []
    ready: list[_Ready] = []
    for one in _prepared(lines, masters, places, shelves):
        (ready if isinstance(one, _Ready) else results).append(one)  # type: ignore[arg-type]
    return [*results, *_booked(run, ready)]


def _prepared(
    lines: Sequence[tuple[FeedDocument, FeedLine]],
    masters: Masters,
    places: FeedPlaces,
    shelves: Shelves,
) -> Iterator[_Ready | RowResult]:
    keys = {masters.variants[line.product.sku] for _, line in lines}
    facts, tables = variant_facts(keys), unit_tables(keys)
    for document, line in lines:
        variant = masters.variants[line.product.sku]
        if not line.quantity or not facts[variant].stocked:
            yield RowResult(line.row, RowFate.APPLIED, flag=NO_STOCK)
            continue
        if why := _in_the_way(line, facts[variant].tracking, shelves):
            yield _held(line, why)
            continue
        try:
            quantity = tables[variant].to_base(line.quantity, line.product.uom)
        except LodestockError as error:
            yield _held(line, error.detail, error.code)
            continue
        way = places.opening, Place(shelves.known[line.place])
        yield _Ready(line, _request(document, line, (variant, quantity), way, masters), quantity)


def _in_the_way(line: FeedLine, tracking: str, shelves: Shelves) -> str:
    """Why a line cannot be booked, or ""."""
    if line.quantity < 0:
        return f"{line.quantity.normalize():f} is below zero: a stock list says what lies there"
    if tracking in TRACKED:
        return (
            f"{line.product.sku} is tracked by {tracking}: receive it with {TRACKED[tracking]}"
            " instead"
        )
    return shelves.refused.get(line.place, "")


def _request(
    document: FeedDocument,
    line: FeedLine,
    goods: tuple[int, Decimal],
    way: tuple[Place, Place],
    masters: Masters,
) -> PostingRequest:
    variant, quantity = goods
    cost = _cost(line, quantity)
    movement = MovementLine(
        variant,
        quantity,
        *way,
        unit_cost=cost,
        currency=masters.currency if cost is not None else None,
        reason_code=REASON,
    )
    return PostingRequest(
        kind="adjust",
        reference_type=REFERENCE,
        reference_id=_reference(f"{document.source}:{line.key}"),
        lines=[movement],
        occurred_at=document.occurred_at,
        reason="Stock list",
    )


def _reference(name: str) -> str:
    """The line's name for ever, cut where an article or place has a very long one."""
    if len(name) <= REFERENCE_MAX:
        return name
    digest = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
    return f"{name[: REFERENCE_MAX - len(digest) - 1]}-{digest}"


def _cost(line: FeedLine, quantity: Decimal) -> Decimal | None:
    """What one base unit cost, when the list says what one of its own units did."""
    if line.unit_price is None:
        return None
    return round(line.unit_price * line.quantity / quantity, QUANTITY_PLACES)


def _booked(run: ImportRun, ready: Sequence[_Ready]) -> Iterator[RowResult]:
    """All at once; where one is refused, one by one, so that it alone is held."""
    try:
        with transaction():
            post_many([one.request for one in ready])
        refused: dict[int, LodestockError] = {}
    except LodestockError:
        refused = dict(_one_by_one(ready))
    for one in ready:
        error = refused.get(one.line.row)
        if error is None:
            run.count("opening_lines", 1)
            run.count("opening_quantity", one.quantity)
            yield RowResult(one.line.row, RowFate.APPLIED)
        else:
            yield _held(one.line, _why(one, error), error.code)


def _one_by_one(ready: Sequence[_Ready]) -> Iterator[tuple[int, LodestockError]]:
    for one in ready:
        try:
            with transaction():
                post_many([one.request])
        except LodestockError as error:
            yield one.line.row, error


def _why(one: _Ready, error: LodestockError) -> str:
    if isinstance(error, AlreadyPosted):
        return (
            f"the opening stock of {one.line.product.sku} was booked before with another quantity"
            " or place: what has changed since is a count or a transfer, book that"
        )
    return error.detail


def _held(line: FeedLine, why: str, code: str = "refused") -> RowResult:
    return RowResult(line.row, RowFate.QUARANTINED, why, code)
