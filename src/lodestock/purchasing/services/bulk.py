"""Documents of the past, many at once: placed, sent, and received as far as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lodestock.kernel.db import transaction
from lodestock.kernel.errors import LodestockError
from lodestock.kernel.fingerprint import fingerprint
from lodestock.kernel.outcomes import each_apart
from lodestock.purchasing import events
from lodestock.purchasing.domain.orders import PURCHASE_ORDER, verbs_to_acknowledged
from lodestock.purchasing.errors import DatesOutOfOrder, LineDiffers
from lodestock.purchasing.models import PurchaseLine, PurchaseOrder, Receipt
from lodestock.purchasing.types import (
    BulkResult,
    DirectDelivery,
    DirectLine,
    LineOutcome,
    Outcome,
    PurchaseHistory,
    PurchaseLineInput,
)

from .arrivals import post_arrivals
from .direct import Pending, pending, settle
from .place import add_lines, new_line, new_order, prepare, set_dates, tell_created
from .receive import known_receipts, receive
from .steps import revise, step
from .work import Work

Outcomes = list[LineOutcome]


def place_and_receive_bulk(histories: Sequence[PurchaseHistory]) -> BulkResult:
    """Apply documents of the past: one transaction, a few statements for any number of them.

    Every line ends applied, unchanged (known with the same facts), amended (known; dates, prices,
    weights taken over) or refused with its reason; what is refused leaves nothing behind and does
    not stop its neighbours. A document sent after its delivery is refused.
    """
    with transaction():
        done = each_apart(histories, _apply_all, _refuse_all)
    outcomes = tuple(line for lines, _ in done for line in lines)
    return BulkResult(outcomes, tuple(key for _, key in done if key is not None))


@dataclass(slots=True)
class _Document:
    """One history under work: what was decided about its lines."""

    history: PurchaseHistory
    order: PurchaseOrder | None = None
    outcomes: dict[str, LineOutcome] = field(default_factory=dict)
    changed: list[PurchaseLine] = field(default_factory=list)


def _apply_all(
    histories: Sequence[PurchaseHistory],
) -> list[tuple[Outcomes, int | None]]:
    work = Work()
    inputs = [one.order for one in histories]
    work.load_known({(one.source, one.external_id) for one in inputs if one.external_id})
    prepare(work, inputs)
    counted = [receipt for one in histories for receipt in one.receipts]
    receipts = known_receipts(counted)
    missing = [x for x in counted if (x.source, x.external_id) not in receipts]
    work.expect_receipts(len(missing), lines=sum(len(x.lines) for x in missing))
    documents, direct = [], []
    for history in histories:
        document = _Document(history)
        documents.append(document)
        _place(work, document)
        if document.order is not None:
            _receive(work, document, receipts)
            direct += _deliveries(work, document)
    settle(work, direct)
    post_arrivals(work)
    for document in documents:
        _tell_amended(work, document)
    tell_created(work)
    work.write()
    return [_answer(document) for document in documents]


def _answer(document: _Document) -> tuple[Outcomes, int | None]:
    order = document.history.order
    outcomes = [document.outcomes[_key(n, x)] for n, x in enumerate(order.lines, start=1)]
    return outcomes, None if document.order is None else document.order.pk


def _refuse_all(history: PurchaseHistory, error: LodestockError) -> tuple[Outcomes, int | None]:
    return [_refused(history, line, error) for line in history.order.lines], None


def _refused(
    history: PurchaseHistory, line: PurchaseLineInput, error: LodestockError
) -> LineOutcome:
    return LineOutcome(
        history.order.external_id,
        line.external_key,
        Outcome.REFUSED,
        reason=error.detail,
        code=error.code,
    )


def _key(number: int, line: PurchaseLineInput) -> str:
    return line.external_key or f"#{number}"


def _place(work: Work, document: _Document) -> None:
    """The order and its lines in memory: new ones added, known ones compared."""
    history = document.history
    given = history.order
    order = work.known.get((given.source, given.external_id)) if given.external_id else None
    try:
        _check_dates(history)
        if order is not None:
            _same_header(order, history)
    except LodestockError as error:
        for number, line in enumerate(given.lines, start=1):
            document.outcomes[_key(number, line)] = _refused(history, line, error)
        return
    fresh = order is None
    target = new_order(work, given, ordered_at=given.ordered_at) if order is None else order
    found = _compare_lines(work, document, target)
    added = [line for _, line in found]
    if fresh and not added:
        work.forget(target)
        return
    document.order = target
    add_lines(work, target, added)
    for key, new in found:
        document.outcomes[key] = _applied(history, new)
    if fresh:
        set_dates(work, target, given)
    if added:
        _bring_to_acknowledged(work, target, history, fresh=fresh)


def _compare_lines(
    work: Work, document: _Document, order: PurchaseOrder
) -> list[tuple[str, PurchaseLine]]:
    """Outcomes of known and refused lines; the new ones, ready to be added."""
    known = {line.external_key: line for line in work.lines[order.pk] if line.external_key}
    added: list[tuple[str, PurchaseLine]] = []
    for number, given in enumerate(document.history.order.lines, start=1):
        print_now = _fingerprint(document.history, given)
        old = known.get(given.external_key) if given.external_key else None
        try:
            if old is None:
                line = new_line(work, order, given)
                line.fingerprint = print_now
                added.append((_key(number, given), line))
            elif old.fingerprint == print_now:
                outcome = LineOutcome(
                    order.external_id, given.external_key, Outcome.UNCHANGED, line_id=old.pk
                )
                document.outcomes[_key(number, given)] = outcome
            else:
                _amend(work, document, order, old, given)
                old.fingerprint = print_now
        except LodestockError as error:
            document.outcomes[_key(number, given)] = _refused(document.history, given, error)
    return added


def _amend(
    work: Work,
    document: _Document,
    order: PurchaseOrder,
    old: PurchaseLine,
    given: PurchaseLineInput,
) -> None:
    """Take over what a source corrects about a known line. Raises :class:`LineDiffers`."""
    new = new_line(work, order, given)
    if (old.variant_id, old.base_quantity) != (new.variant_id, new.base_quantity):
        raise LineDiffers(
            f"{order.number} line {old.line_no} is known with"
            f" {old.base_quantity.normalize():f} of {work.variants[old.variant_id].sku}, sent now:"
            f" {new.base_quantity.normalize():f} of {work.variants[new.variant_id].sku}. Revise"
            " the order, or correct the file.",
            field="quantity",
        )
    _same_arrival(work, document.history, order, old)
    order.total += new.amount - old.amount
    work.touched_orders.add(order.pk)
    for name in (
        *("description", "unit_price", "amount", "amount_stated", "promised_on"),
        *("required_on", "tolerance", "quantity", "uom_id"),
    ):
        setattr(old, name, getattr(new, name))
    work.touch(old)
    document.changed.append(old)
    document.outcomes[given.external_key] = LineOutcome(
        order.external_id, given.external_key, Outcome.AMENDED, line_id=old.pk
    )


def _same_arrival(
    work: Work, history: PurchaseHistory, order: PurchaseOrder, line: PurchaseLine
) -> None:
    if line.received == 0:
        return
    said = {
        work.day(order, delivery.delivered_at)
        for delivery in history.deliveries
        if delivery.delivered_at and any(x.line_key == line.external_key for x in delivery.lines)
    }
    if said and line.received_on not in said:
        raise LineDiffers(
            f"{order.number} line {line.line_no} was received on {line.received_on}; sent now:"
            f" {min(said)}. Goods that moved are corrected by a reversal, not by sending them"
            " again.",
            field="delivered_at",
        )


def _applied(history: PurchaseHistory, line: PurchaseLine) -> LineOutcome:
    return LineOutcome(
        history.order.external_id, line.external_key, Outcome.APPLIED, line_id=line.pk
    )


def _bring_to_acknowledged(
    work: Work, order: PurchaseOrder, history: PurchaseHistory, *, fresh: bool
) -> None:
    """Sent and accepted, as documents of the past are. Late lines are a revision."""
    when = _known_time(history) or work.moment
    if not fresh and "revise" in PURCHASE_ORDER.verbs(order.status):
        revise(work, order, work.moment, reason="further lines of the same document")
    sent_at, acknowledged_at = order.sent_at, order.acknowledged_at
    for verb in verbs_to_acknowledged(order.status, label=order.number):
        step(work, order, verb, history.sent_at or when if verb == "send" else when)
    # A time that nobody captured stays unknown; the events carry the nearest known one.
    order.sent_at = history.sent_at or sent_at
    order.acknowledged_at = acknowledged_at


def _known_time(history: PurchaseHistory) -> datetime | None:
    arrivals = [d.departed_at or d.delivered_at for d in history.deliveries]
    arrivals += [receipt.occurred_at for receipt in history.receipts]
    known = [history.sent_at, *arrivals]
    return history.order.ordered_at or min((t for t in known if t), default=None)


def _receive(work: Work, document: _Document, known: dict[tuple[str, str], Receipt]) -> None:
    assert document.order is not None
    usable = _usable(document)
    if not usable:
        return
    for given in document.history.receipts:
        if given.external_id and (given.source, given.external_id) in known:
            continue
        lines = tuple(x for x in given.lines if x.line_key in usable)
        if lines:
            receipt = receive(work, document.order, replace(given, lines=lines))
            if given.external_id:
                known[given.source, given.external_id] = receipt


def _deliveries(work: Work, document: _Document) -> list[Pending]:
    assert document.order is not None
    usable = _usable(document)
    found = []
    for delivery in document.history.deliveries:
        lines = tuple(x for x in delivery.lines if x.line_key in usable)
        if lines:
            found.append(pending(work, document.order, replace(delivery, lines=lines)))
    return found


def _usable(document: _Document) -> set[str]:
    """Keys of the lines whose deliveries are to be looked at: new ones and amended ones."""
    wanted = (Outcome.APPLIED, Outcome.AMENDED)
    return {x.external_key for x in document.outcomes.values() if x.outcome in wanted}


def _tell_amended(work: Work, document: _Document) -> None:
    if document.changed and document.order is not None:
        order = document.order
        work.tell(order, events.order_amended(order, document.changed, work.skus, work.moment))


def _check_dates(history: PurchaseHistory) -> None:
    arrivals = [d.delivered_at for d in history.deliveries if d.delivered_at]
    arrivals += [r.occurred_at for r in history.receipts if r.occurred_at]
    sent, arrived = history.sent_at, min(arrivals, default=None)
    if sent is not None and arrived is not None and sent > arrived:
        raise DatesOutOfOrder(
            f"{history.order.external_id}: sent to the supplier {sent.isoformat()}, after its"
            f" delivery {arrived.isoformat()}. Check how the file writes its dates.",
            field="sent_at",
        )


def _same_header(order: PurchaseOrder, history: PurchaseHistory) -> None:
    given = history.order
    currency = given.currency or order.currency_id
    if (order.supplier_id, order.currency_id) != (given.supplier_id, currency):
        raise LineDiffers(
            f"{order.number} is known with another supplier or in another currency"
            f" ({order.currency_id}).",
            field="supplier",
        )


def _fingerprint(history: PurchaseHistory, line: PurchaseLineInput) -> str:
    """Equal exactly when a file says the same about a line, its order and its deliveries."""
    order = history.order
    return fingerprint(
        order.supplier_id,
        order.currency,
        order.ordered_at,
        order.incoterm,
        history.sent_at,
        line.variant_id,
        line.quantity,
        line.uom,
        line.unit_price,
        line.amount,
        line.promised_on,
        line.required_on,
        line.tolerance,
        line.description,
        _said_of(history.deliveries, line.external_key),
        tuple(
            (receipt.external_id, receipt.occurred_at, x.quantity, x.uom, x.lot_no)
            for receipt in history.receipts
            for x in receipt.lines
            if x.line_key == line.external_key
        ),
    )


def _said_of(deliveries: Sequence[DirectDelivery], key: str) -> tuple[Any, ...]:
    return tuple(
        (d.external_id, d.departed_at, d.delivered_at, d.scheduled_on, d.mode, *_facts(x))
        for d in deliveries
        for x in d.lines
        if x.line_key == key
    )


def _facts(line: DirectLine) -> tuple[Any, ...]:
    figures = (line.weight, line.freight, line.insurance)
    return (line.quantity, *((x.value, x.meaning, x.see_key) for x in figures))
