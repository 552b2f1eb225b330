"""Documents of the past, many at once: placed, held, shipped and delivered as far as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lodestock.kernel.db import transaction
from lodestock.kernel.errors import LodestockError
from lodestock.kernel.fingerprint import fingerprint
from lodestock.kernel.outcomes import each_apart
from lodestock.partners.selectors import walk_in_id
from lodestock.sales import events
from lodestock.sales.domain.orders import OrderStatus
from lodestock.sales.errors import DatesOutOfOrder, LineDiffers
from lodestock.sales.models import SalesLine, SalesOrder
from lodestock.sales.types import (
    BulkResult,
    Despatch,
    DespatchLine,
    LineOutcome,
    Outcome,
    SalesHistory,
    SalesLineInput,
    SalesOrderInput,
)
from lodestock.shipping.services import plan_shipments

from .place import add_lines, new_line, new_order, prepare, take_verb
from .ship import Going, depart, find_lines, shipment_of
from .work import Work

Answer = tuple[list[LineOutcome], int | None]


def place_orders_bulk(inputs: Sequence[SalesOrderInput]) -> BulkResult:
    """Place many orders; like :func:`replay_bulk` of orders of which nothing has left yet."""
    return replay_bulk([SalesHistory(one) for one in inputs])


def replay_bulk(histories: Sequence[SalesHistory]) -> BulkResult:
    """Apply orders of the past: one transaction, a few statements for any number of them.

    Every line ends applied, unchanged (known with the same facts), amended (known; dates, prices,
    weights taken over) or refused with its reason; what is refused leaves nothing behind and does
    not stop its neighbours. What is short of stock stays backordered.
    """
    with transaction():
        done = each_apart(histories, _apply_all, _refuse_all)
    outcomes = tuple(line for lines, _ in done for line in lines)
    return BulkResult(outcomes, tuple(key for _, key in done if key is not None))


@dataclass(slots=True)
class _Document:
    """One history under work: what was decided about its lines."""

    history: SalesHistory
    order: SalesOrder | None = None
    outcomes: list[LineOutcome | None] = field(default_factory=list)
    changed: list[SalesLine] = field(default_factory=list)


def _apply_all(histories: Sequence[SalesHistory]) -> list[Answer]:
    work = Work()
    inputs = [one.order for one in histories]
    work.load_known({(one.source, one.external_id) for one in inputs if one.external_id})
    prepare(work, inputs)
    documents = []
    going: list[Going] = []
    for history in histories:
        document = _Document(history)
        documents.append(document)
        _place(work, document)
        if document.order is not None:
            going += _despatches(work, document)
    _correct_freight(work, documents)
    depart(work, going)
    for document in documents:
        if document.changed and document.order is not None:
            order = document.order
            told = events.order_told("OrderCorrected", order, document.changed, work.moment)
            work.tell(order, told)
    work.write()
    return [_answer(document) for document in documents]


def _answer(document: _Document) -> Answer:
    outcomes = [outcome for outcome in document.outcomes if outcome is not None]
    return outcomes, None if document.order is None else document.order.pk


def _refuse_all(history: SalesHistory, error: LodestockError) -> Answer:
    return [_refused(history, line, error) for line in history.order.lines], None


def _refused(history: SalesHistory, line: SalesLineInput, error: LodestockError) -> LineOutcome:
    return LineOutcome(
        history.order.external_id,
        line.external_key,
        Outcome.REFUSED,
        reason=error.detail,
        code=error.code,
    )


def _place(work: Work, document: _Document) -> None:
    """The order and its lines in memory: new ones added, known ones compared."""
    history = document.history
    given = history.order
    order = work.known.get((given.source, given.external_id)) if given.external_id else None
    try:
        _check_dates(history)
        if order is not None:
            _same_header(order, given)
    except LodestockError as error:
        document.outcomes = [_refused(history, line, error) for line in given.lines]
        return
    target = new_order(work, given, ordered_at=given.ordered_at) if order is None else order
    added = _compare_lines(work, document, target)
    if order is None and not added:
        work.forget(target)
        return
    document.order = target
    if not added:
        return
    add_lines(work, target, added)
    new = iter(added)
    for place, outcome in enumerate(document.outcomes):
        if outcome is None:
            document.outcomes[place] = _applied(history, next(new))
    when = given.ordered_at or _first_time(history) or work.moment
    take_verb(work, target, "create" if order is None else "amend", when, added)


def _compare_lines(work: Work, document: _Document, order: SalesOrder) -> list[SalesLine]:
    """Outcomes of known and refused lines; the new ones, ready to be added (outcome ``None``)."""
    history = document.history
    known = {line.external_key: line for line in work.lines[order.pk] if line.external_key}
    said = _said_by_line(history)
    added: list[SalesLine] = []
    for given in history.order.lines:
        print_now = _fingerprint(history.order, given, said.get(given.external_key, ()))
        old = known.get(given.external_key) if given.external_key else None
        outcome = None
        try:
            if old is None:
                line = new_line(work, order, given)
                line.fingerprint = print_now
                added.append(line)
            elif old.fingerprint == print_now:
                outcome = _known_as(history, old, Outcome.UNCHANGED)
            else:
                _amend(work, document, order, old, given)
                old.fingerprint = print_now
                outcome = _known_as(history, old, Outcome.AMENDED)
        except LodestockError as error:
            outcome = _refused(history, given, error)
        document.outcomes.append(outcome)
    return added


def _amend(
    work: Work, document: _Document, order: SalesOrder, old: SalesLine, given: SalesLineInput
) -> None:
    """Take over what a source corrects about a known line. Raises :class:`LineDiffers`."""
    new = new_line(work, order, given)
    if (old.sku, old.kind, old.base_quantity) != (new.sku, new.kind, new.base_quantity):
        raise LineDiffers(
            f"{order.number} line {old.line_no} is known with"
            f" {old.base_quantity.normalize():f} of {old.sku}, sent now:"
            f" {new.base_quantity.normalize():f} of {new.sku}. Goods that moved are corrected by"
            " a return, not by sending them again.",
            field="quantity",
        )
    _same_departure(document.history, order, old)
    order.total += new.amount - old.amount
    work.touched_orders.add(order.pk)
    for name in (
        *("description", "unit_price", "amount", "amount_stated", "promised_on"),
        *("required_on", "quantity", "uom_id"),
    ):
        setattr(old, name, getattr(new, name))
    work.touch(old)
    document.changed.append(old)


def _same_departure(history: SalesHistory, order: SalesOrder, line: SalesLine) -> None:
    said = {
        despatch.shipped_at or despatch.delivered_at
        for despatch in history.despatches
        if any(x.line_key == line.external_key for x in despatch.lines)
    } - {None}
    if line.shipped_at is not None and said and line.shipped_at not in said:
        raise LineDiffers(
            f"{order.number} line {line.line_no} left {line.shipped_at.isoformat()}; the file now"
            " names another time. Goods that moved are corrected by a reversal, not by sending"
            " them again.",
            field="shipped_at",
        )


def _known_as(history: SalesHistory, line: SalesLine, outcome: Outcome) -> LineOutcome:
    return LineOutcome(history.order.external_id, line.external_key, outcome, line_id=line.pk)


def _applied(history: SalesHistory, line: SalesLine) -> LineOutcome:
    return _known_as(history, line, Outcome.APPLIED)


def _despatches(work: Work, document: _Document) -> list[Going]:
    """What left, as far as its lines are new or their freight facts were amended."""
    order = document.order
    assert order is not None
    usable = _keys_with(document, Outcome.APPLIED, Outcome.AMENDED)
    due = {x.external_key for x in work.lines[order.pk] if x.state.open > 0} & usable
    if not due or order.status == OrderStatus.CANCELLED:
        return []
    found = []
    for despatch in document.history.despatches:
        lines = tuple(x for x in despatch.lines if x.line_key in due)
        if despatch.lines and not lines:
            continue
        one = find_lines(work, order, replace(despatch, lines=lines))
        if one.wanted:
            found.append(one)
    return found


def _correct_freight(work: Work, documents: Sequence[_Document]) -> None:
    """Weights and freight of lines that have left: taken over by the shipments they are on."""
    corrected = []
    for document in documents:
        if document.order is None:
            continue
        amended = _keys_with(document, Outcome.AMENDED)
        gone = {x.external_key: x for x in work.lines[document.order.pk] if x.shipped > 0}
        for despatch in document.history.despatches:
            leaving = [
                (gone[x.line_key], gone[x.line_key].base_quantity, x)
                for x in despatch.lines
                if despatch.external_id and x.line_key in amended and x.line_key in gone
            ]
            if leaving:
                one = Going(document.order, despatch, wanted=[], leaving=leaving)
                corrected.append(shipment_of(one, work.moment))
    if corrected:
        plan_shipments(corrected)


def _keys_with(document: _Document, *outcomes: Outcome) -> set[str]:
    return {x.external_key for x in document.outcomes if x and x.outcome in outcomes}


def _first_time(history: SalesHistory) -> datetime | None:
    times = [x.shipped_at or x.delivered_at for x in history.despatches]
    return min((t for t in times if t), default=None)


def _check_dates(history: SalesHistory) -> None:
    ordered, left = history.order.ordered_at, _first_time(history)
    if ordered is not None and left is not None and left < ordered:
        raise DatesOutOfOrder(
            f"{history.order.external_id}: ordered {ordered.isoformat()}, after it left"
            f" {left.isoformat()}. Check how the file writes its dates.",
            field="ordered_at",
        )


def _same_header(order: SalesOrder, given: SalesOrderInput) -> None:
    customer = walk_in_id() if given.customer_id is None else given.customer_id
    currency = given.currency or order.currency_id
    if (order.customer_id, order.currency_id) != (customer, currency):
        raise LineDiffers(
            f"{order.number} is known for another customer or in another currency"
            f" ({order.currency_id}).",
            field="customer",
        )


def _fingerprint(order: SalesOrderInput, line: SalesLineInput, said: tuple[Any, ...]) -> str:
    """Equal exactly when a file says the same about a line, its order and its despatches."""
    return fingerprint(
        order.customer_id,
        order.currency,
        order.ordered_at,
        line.variant_id,
        line.kind,
        line.sku,
        line.quantity,
        line.uom,
        line.unit_price,
        line.amount,
        line.required_on,
        line.promised_on,
        line.description,
        said,
    )


def _said_by_line(history: SalesHistory) -> dict[str, tuple[Any, ...]]:
    """What the despatches say of each line; one that names no line says it of all of them."""
    said: dict[str, tuple[Any, ...]] = {}
    for one in history.despatches:
        about = (one.external_id, one.shipped_at, one.delivered_at, one.scheduled_on, one.mode)
        if not one.lines:
            for line in history.order.lines:
                said[line.external_key] = (*said.get(line.external_key, ()), *about)
        for part in one.lines:
            said[part.line_key] = (*said.get(part.line_key, ()), *about, *_facts(part))
    return said


def _facts(line: DespatchLine) -> tuple[Any, ...]:
    figures = (line.weight, line.freight, line.insurance)
    return (line.quantity, *((x.value, x.meaning, x.see_key) for x in figures))


__all__ = ["Despatch", "place_orders_bulk", "replay_bulk"]
