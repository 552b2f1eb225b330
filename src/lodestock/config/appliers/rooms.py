"""Applies whole documents of a feed through the rooms that own them, and answers for each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lodestock.config.appliers.masters import Masters
from lodestock.config.appliers.opening import apply_opening_stock
from lodestock.config.appliers.places import FeedPlaces, places_of
from lodestock.config.appliers.purchases import apply_purchases
from lodestock.config.appliers.sales import apply_returns, apply_sales
from lodestock.config.appliers.shelves import Shelves
from lodestock.config.appliers.stock import (
    open_stock,
    opened,
    post_adjustments,
    return_opening,
)
from lodestock.feeds.ports import ImportRun
from lodestock.feeds.types import FeedDocument, RowFate, RowResult
from lodestock.kernel.outcomes import BulkResult, LineOutcome, Outcome
from lodestock.shipping.services import resolve_pointers

Results = dict[int, RowResult]
AMENDED = "amended"
FATES = {
    Outcome.APPLIED: RowFate.APPLIED,
    Outcome.AMENDED: RowFate.APPLIED,
    Outcome.UNCHANGED: RowFate.UNCHANGED,
    Outcome.REFUSED: RowFate.QUARANTINED,
}


class DocumentRooms:
    """The row applier of the whole program. Holds ids between chunks, nothing else."""

    def __init__(self) -> None:
        self._masters = Masters("")
        self._places: FeedPlaces | None = None
        self._shelves: Shelves | None = None

    def begin(self, run: ImportRun) -> None:
        """Set up the places the feed's goods move between, and bring in what is to go out."""
        self._masters = Masters(run.contract.mapping["currency"])
        self._places = places_of(run.contract)
        create = run.contract.mapping.get("places") == "create"
        self._shelves = Shelves(self._places, create)
        self._masters.expect_products(one.product for one in run.outgoing)
        open_stock(run, self._masters, self._places)

    def apply(self, run: ImportRun, documents: Sequence[FeedDocument]) -> Sequence[RowResult]:
        """Masters, then purchases, sales, returns, adjustments and stock lists."""
        assert self._places is not None, "begin() comes first"
        assert self._shelves is not None
        self._masters.expect(documents)
        results, sound = self._refuse_unknown(documents)
        purchases = apply_purchases(sound, self._masters, self._places)
        sales = apply_sales(sound, self._masters, self._places)
        returns = apply_returns(sound, self._masters, self._places)
        results |= _answers(sound, (purchases, sales, returns))
        for line in post_adjustments(sound, self._masters, self._places):
            results.setdefault(line.row, RowResult(line.row, RowFate.APPLIED))
        for one in apply_opening_stock(run, sound, self._masters, self._places, self._shelves):
            results[one.row] = one
        self._give_back(run, documents, results)
        return list(results.values())

    def _refuse_unknown(
        self, documents: Sequence[FeedDocument]
    ) -> tuple[Results, list[FeedDocument]]:
        """Rows whose article or partner could not be created are held, with all their documents."""
        held: Results = {}
        for document in documents:
            why = self._masters.problem(document)
            if why:
                for line in document.lines:
                    held[line.row] = RowResult(line.row, RowFate.QUARANTINED, why, "unknown_code")
        sound = [
            document
            for document in documents
            if not any(line.row in held for line in document.lines)
        ]
        return held, sound

    def _give_back(
        self, run: ImportRun, documents: Sequence[FeedDocument], results: Results
    ) -> None:
        """Stock that was opened for lines which then moved nothing goes back."""
        refused = [
            line
            for document in documents
            for line in document.lines
            if not _moved(results[line.row]) and opened(run, document, line)
            if line.product.sku in self._masters.variants
        ]
        if refused:
            assert self._places is not None
            return_opening(run, refused, self._masters, self._places)

    def finish(self, run: ImportRun) -> Mapping[str, Any]:
        """Lead weights and freights that point elsewhere to the lines they mean."""
        resolve_pointers(run.contract.name)
        return {
            "openings": {
                "lines": int(run.tally.get("opening_lines", 0)),
                "quantity": format(run.tally.get("opening_quantity", 0), "f"),
            }
        }


def _moved(result: RowResult) -> bool:
    return result.fate is RowFate.APPLIED and result.code != AMENDED


def _answers(documents: Sequence[FeedDocument], results: Iterable[BulkResult]) -> Results:
    """Outcomes come by document number and line key; rows are found by the same names."""
    rows = {
        (document.number, line.key): line.row for document in documents for line in document.lines
    }
    return {
        row: _result(row, outcome)
        for result in results
        for outcome in result.outcomes
        if (row := rows.get((outcome.external_id, outcome.external_key))) is not None
    }


def _result(row: int, outcome: LineOutcome) -> RowResult:
    code = AMENDED if outcome.outcome is Outcome.AMENDED else outcome.code
    return RowResult(row, FATES[outcome.outcome], outcome.reason, code, outcome.flag)
