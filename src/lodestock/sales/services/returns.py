"""Goods come back: CUSTOMER → stock or quarantine, matched to the sale they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput, LodestockError
from lodestock.kernel.fingerprint import fingerprint
from lodestock.kernel.money import line_amount
from lodestock.kernel.numbers import AMOUNT_PLACES, parse_decimal, parse_price, parse_quantity
from lodestock.kernel.outcomes import each_apart
from lodestock.organisation.selectors import reason as reason_code
from lodestock.sales import events
from lodestock.sales.domain.returns import EVENT_OF_VERB, RETURN, GivenBack, Sold, match_returns
from lodestock.sales.errors import DatesOutOfOrder, LineDiffers, MoreThanOpen, UnknownLine
from lodestock.sales.models import ReturnLine, ReturnOrder, SalesLine
from lodestock.sales.selectors import returnable_lines
from lodestock.sales.types import (
    BulkResult,
    LineKind,
    LineOutcome,
    Outcome,
    ReturnInput,
    ReturnLineInput,
    StockStatus,
)

from .parties import customer_of, place_of
from .place import article, base_quantity, currency_of
from .return_stock import ReturnedPieces, add_lots, check_serials, posting_of
from .work import Work

NO_SALE_FOUND = "no_sale_found"
Answer = tuple[list[LineOutcome], ReturnOrder | None]


@dataclass(slots=True)
class _Document:
    """One return under work: its row, its lines, and what was decided about each input line."""

    given: ReturnInput
    rma: ReturnOrder | None = None
    lines: list[ReturnLine] = field(default_factory=list)
    #: On which order the pieces of a line went out, by the line's key.
    orders: dict[int, int] = field(default_factory=dict)
    outcomes: list[LineOutcome | None] = field(default_factory=list)


def return_goods(given: ReturnInput) -> ReturnOrder:
    """Take goods back and put them on stock, or aside into quarantine.

    Lines for which no sale is found are accepted and flagged; goods tracked one by one must be
    what the customer was sent. Raises ``InvalidInput`` for figures that cannot be,
    :class:`MoreThanOpen` when a named sale has less left to return, :class:`TrackingNeeded` and
    :class:`NotShippedToCustomer` for serial numbers, :class:`Conflict` for a known document.
    """
    with transaction():
        if given.external_id and _known([given]):
            raise Conflict(f"{given.source} {given.external_id} is known.", field="external_id")
        outcomes, rma = _apply_all([given], strict=True)[0]
    assert rma is not None
    assert all(x.outcome is Outcome.APPLIED for x in outcomes)
    return rma


def return_bulk(returns: Sequence[ReturnInput]) -> BulkResult:
    """Take back many returns of the past: one transaction, a few statements.

    Every line ends applied (``flag`` says when no sale was found), unchanged or refused.
    """
    with transaction():
        done = each_apart(returns, _apply_all, _refuse_all)
    outcomes = tuple(line for lines, _ in done for line in lines)
    return BulkResult(outcomes, tuple(rma.pk for _, rma in done if rma is not None))


def _refuse_all(given: ReturnInput, error: LodestockError) -> Answer:
    return [_refused(given, line, error) for line in given.lines], None


def _refused(given: ReturnInput, line: ReturnLineInput, error: LodestockError) -> LineOutcome:
    return LineOutcome(
        given.external_id,
        line.external_key,
        Outcome.REFUSED,
        reason=error.detail,
        code=error.code,
    )


def _apply_all(returns: Sequence[ReturnInput], *, strict: bool = False) -> list[Answer]:
    work = Work()
    _prepare(work, returns)
    known = _known(returns)
    documents = [_open(work, given, known, strict=strict) for given in returns]
    fresh = [document for document in documents if document.rma is not None]
    lines = [line for document in fresh for line in document.lines]
    pieces = ReturnedPieces(lines)
    _match(work, fresh, pieces)
    add_lots(lines)
    for document in fresh:
        _take_back(work, document, pieces)
    work.write()
    return [([x for x in d.outcomes if x is not None], d.rma) for d in documents]


def _prepare(work: Work, returns: Sequence[ReturnInput]) -> None:
    lines = [line for given in returns for line in given.lines]
    work.learn_variants({line.variant_id for line in lines if line.variant_id is not None})
    work.learn_sites({given.site_id for given in returns})
    work.learn_parties({(given.customer_id, given.location_id) for given in returns})
    work.return_keys.expect(len(returns))
    work.return_numbers.expect(sum(not given.number for given in returns))
    work.return_line_keys.expect(len(lines))
    for code in {given.reason for given in returns if given.reason}:
        reason_code(code, family="return")


def _known(returns: Sequence[ReturnInput]) -> dict[tuple[str, str], dict[str, str]]:
    """Fingerprints of the lines of returns that exist, by document and line key."""
    external_ids = {given.external_id for given in returns if given.external_id}
    if not external_ids:
        return {}
    found: dict[tuple[str, str], dict[str, str]] = {}
    lines = ReturnLine.objects.filter(return_order__external_id__in=external_ids).values_list(
        "return_order__source", "return_order__external_id", "external_key", "fingerprint"
    )
    for source, external_id, key, print_ in lines:
        found.setdefault((source, external_id), {})[key] = print_
    return found


def _open(
    work: Work,
    given: ReturnInput,
    known: dict[tuple[str, str], dict[str, str]],
    *,
    strict: bool,
) -> _Document:
    document = _Document(given)
    earlier = known.get((given.source, given.external_id)) if given.external_id else None
    if earlier is not None:
        document.outcomes = [_compare(given, line, earlier) for line in given.lines]
        return document
    rma = _new_return(work, given)
    for line in given.lines:
        try:
            row = _new_line(work, rma, given, line)
        except LodestockError as error:
            if strict:
                raise
            document.outcomes.append(_refused(given, line, error))
            continue
        row.line_no = len(document.lines) + 1
        document.lines.append(row)
        document.outcomes.append(None)
    if document.lines:
        document.rma = rma
    return document


def _compare(given: ReturnInput, line: ReturnLineInput, earlier: dict[str, str]) -> LineOutcome:
    if earlier.get(line.external_key) == _fingerprint(given, line):
        return LineOutcome(given.external_id, line.external_key, Outcome.UNCHANGED)
    error = LineDiffers(
        f"Return {given.external_id} line {line.external_key} is known otherwise, or was not part"
        " of it: goods that came back are corrected by a reversal, not by sending them again.",
    )
    return _refused(given, line, error)


def _new_return(work: Work, given: ReturnInput) -> ReturnOrder:
    when = given.occurred_at or work.moment
    if when > work.moment:
        raise DatesOutOfOrder(
            f"{given.external_id or 'The return'}: {when.isoformat()} lies in the future.",
            field="occurred_at",
        )
    if not given.lines:
        raise InvalidInput("A return needs at least one line.", field="lines")
    return ReturnOrder(
        id=work.return_keys.take(),
        number=given.number or work.return_numbers.take(),
        customer_id=customer_of(work, given.customer_id),
        walk_in=given.customer_id is None,
        site_id=given.site_id,
        location_id=place_of(work, given.location_id, given.site_id),
        stock_status=given.status.value,
        reason_code=given.reason,
        currency_id=currency_of(work, given.site_id, given.currency),
        total=Decimal(0),
        occurred_at=when,
        source=given.source,
        external_id=given.external_id,
    )


def _new_line(
    work: Work, rma: ReturnOrder, given: ReturnInput, line: ReturnLineInput
) -> ReturnLine:
    facts = article(work, line.variant_id, line.kind, line.sku)
    uom = line.uom or (facts.base_uom if facts else "each")
    quantity = parse_quantity(line.quantity)
    price = parse_price(line.unit_price)
    stated = line.amount
    if stated is not None:
        stated = parse_decimal(stated, field="amount", places=AMOUNT_PLACES)
    minor_unit = work.minor_units[rma.currency_id]
    base = base_quantity(work, facts, quantity, uom)
    if facts is not None and line.kind is LineKind.GOODS:
        check_serials(facts, line.serials, base)
    return ReturnLine(
        id=work.return_line_keys.take(),
        return_order=rma,
        sales_line_id=line.sales_line_id,
        kind=line.kind.value,
        variant_id=facts.id if facts else None,
        sku=facts.sku if facts else line.sku,
        description=line.description[:255],
        uom_id=uom,
        quantity=quantity,
        base_quantity=base,
        unit_price=price,
        amount=line_amount(quantity, price, minor_unit=minor_unit, stated=stated),
        amount_stated=stated is not None,
        external_key=line.external_key,
        lot_no=line.lot_no,
        serials=list(line.serials),
        fingerprint=_fingerprint(given, line),
    )


def _fingerprint(given: ReturnInput, line: ReturnLineInput) -> str:
    return fingerprint(
        given.customer_id,
        given.occurred_at,
        given.status,
        line.variant_id,
        line.kind,
        line.sku,
        line.quantity,
        line.uom,
        line.unit_price,
        line.amount,
        line.lot_no,
        line.description,
        *line.serials,
    )


def _match(work: Work, documents: Sequence[_Document], pieces: ReturnedPieces) -> None:
    """Find the sale of every line that names none, and lock the orders concerned."""
    lines = [(document, line) for document in documents for line in document.lines]
    for document, line in lines:
        if line.serials and document.rma is not None:
            order = pieces.order_of(document.rma, line, _name(work, document.rma))
            document.orders[line.pk] = order.pk
    searching = [
        (document, line)
        for document, line in lines
        if line.sales_line_id is None
        and line.pk not in document.orders
        and not (document.rma and document.rma.walk_in)
    ]
    pairs = {(document.rma.customer_id, line.sku) for document, line in searching if document.rma}
    named = {line.sales_line_id for _, line in lines if line.sales_line_id is not None}
    shipped = {key for document in documents for key in document.orders.values()}
    work.load(_orders_of(returnable_lines(pairs), named) | shipped)
    given = [_given_back(document, line) for document, line in searching]
    # Read again, now that nobody else can return anything of these orders.
    matched = match_returns(given, returnable_lines(pairs))
    for (_, line), found in zip(searching, matched, strict=True):
        line.sales_line_id = found


def _name(work: Work, rma: ReturnOrder) -> str:
    return "a walk-in customer" if rma.walk_in else work.customers[rma.customer_id].code


def _orders_of(candidates: Sequence[Sold], named: set[int]) -> set[int]:
    keys = {one.line_id for one in candidates} | named
    if not keys:
        return set()
    return set(SalesLine.objects.filter(pk__in=keys).values_list("order_id", flat=True))


def _given_back(document: _Document, line: ReturnLine) -> GivenBack:
    assert document.rma is not None
    return GivenBack(
        customer_id=document.rma.customer_id,
        article=line.sku,
        quantity=line.base_quantity,
        unit_price=line.unit_price,
        occurred_at=document.rma.occurred_at,
    )


def _take_back(work: Work, document: _Document, pieces: ReturnedPieces) -> None:
    rma = document.rma
    assert rma is not None
    sold = {line.pk: line for lines in work.lines.values() for line in lines}
    taken: dict[int, list[tuple[SalesLine, Decimal]]] = {}
    for line in document.lines:
        if line.pk in document.orders:
            line.sales_line_id = _line_shipped(work, document.orders[line.pk], line).pk
        sale = _sale_of(sold, line)
        if sale is not None:
            sale.returned += line.base_quantity
            work.touch(sale)
            taken.setdefault(sale.order_id, []).append((sale, line.base_quantity))
        else:
            line.flag = NO_SALE_FOUND
            rma.unmatched_lines += 1
        rma.total += line.amount
    work.returns.append(rma)
    work.return_lines[rma.pk] = document.lines
    _tell(work, document, taken)
    _post(work, document, pieces)
    _settle_outcomes(document)


def _line_shipped(work: Work, order_id: int, line: ReturnLine) -> SalesLine:
    """The line of the order on which the pieces went out, one with enough left if there is one."""
    candidates = [x for x in work.lines[order_id] if x.variant_id == line.variant_id]
    if line.sales_line_id is not None:
        candidates = [x for x in candidates if x.pk == line.sales_line_id]
    if not candidates:
        raise UnknownLine(
            f"{', '.join(map(repr, line.serials))} went out on {work.orders[order_id].number}, not"
            " on the sale named: name that one, or none.",
            field="sale",
        )
    enough = [x for x in candidates if x.state.returnable >= line.base_quantity]
    return (enough or candidates)[0]


def _sale_of(sold: dict[int, SalesLine], line: ReturnLine) -> SalesLine | None:
    if line.sales_line_id is None:
        return None
    sale = sold.get(line.sales_line_id)
    if sale is None or sale.sku != line.sku:
        raise UnknownLine(f"The sale named for {line.sku} is none of that article.", field="sale")
    if line.base_quantity > sale.state.returnable:
        raise MoreThanOpen(
            f"{line.base_quantity.normalize():f} of {line.sku} come back; of the sale named"
            f" {sale.shipped.normalize():f} were shipped and {sale.returned.normalize():f} have"
            " come back before.",
            field="quantity",
            returnable=str(sale.state.returnable),
        )
    return sale


def _tell(
    work: Work, document: _Document, taken: dict[int, list[tuple[SalesLine, Decimal]]]
) -> None:
    rma = document.rma
    assert rma is not None
    when: datetime = rma.occurred_at
    rma.status = RETURN.initial.value
    work.tell_of_return(rma, events.return_told("ReturnRequested", rma, document.lines, when))
    back_on_stock = rma.stock_status == StockStatus.AVAILABLE
    verbs = ["authorise", "receive", *(["inspect", "restock"] if back_on_stock else [])]
    for verb in verbs:
        rma.status = RETURN.target(rma.status, verb, label=rma.number)
        disposition = verb if verb == "restock" else None
        told = events.return_told(
            EVENT_OF_VERB[verb], rma, document.lines, when, disposition=disposition
        )
        work.tell_of_return(rma, told)
    for order_id, parts in taken.items():
        order = work.orders[order_id]
        work.tell(order, events.goods_returned(order, rma.sqid, parts, when))


def _post(work: Work, document: _Document, pieces: ReturnedPieces) -> None:
    assert document.rma is not None
    posting = posting_of(document.rma, document.lines, pieces)
    if posting.lines:
        work.postings.append(posting)


def _settle_outcomes(document: _Document) -> None:
    rows = iter(document.lines)
    for place, outcome in enumerate(document.outcomes):
        if outcome is None:
            row = next(rows)
            document.outcomes[place] = LineOutcome(
                document.given.external_id,
                row.external_key,
                Outcome.APPLIED,
                flag=str(row.flag),
                line_id=row.pk,
            )
