"""What an applier is told before it starts: what will go out, and from when it must be there."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.domain.mapping import Mapper
from lodestock.feeds.models import Import
from lodestock.feeds.ports import ImportRun, Outgoing

_PLANNED = """
FROM feeds_plannedrow AS planned
JOIN feeds_stagedrow AS staged
  ON (staged.batch_id, staged.row_number) = (planned.batch_id, planned.row_number)
WHERE planned.batch_id = %(batch)s AND planned.seq > 0 AND staged.row_class = ANY(%(classes)s)
"""
_NUMBERED = "SELECT count(*), min(planned.row_number), max(planned.row_number) " + _PLANNED
OUTGOING = frozenset({"outbound_shipment", "adjustment"})


def run_of(batch: Import, contract: Contract, mapper: Mapper) -> ImportRun:
    """The run for what is planned: the same for the same plan, before and after a restart."""
    run = ImportRun(batch.pk, _key(batch, contract), contract, tally=tally_of(batch))
    documents = _outgoing_documents(contract)
    if documents:
        run.opening_at = _opening_at(batch, contract, mapper, documents)
        run.outgoing = [
            line for document in documents for line in _outgoing(batch, contract, mapper, document)
        ]
    return run


def tally_of(batch: Import) -> dict[str, Decimal]:
    """The applier's figures so far."""
    return {name: Decimal(text) for name, text in batch.answer.get("tally", {}).items()}


def keep_tally(batch: Import, run: ImportRun) -> None:
    """Put the applier's figures where the next chunk, or the next process, finds them."""
    batch.answer["tally"] = {name: format(value, "f") for name, value in run.tally.items()}


def _key(batch: Import, contract: Contract) -> str:
    classes = [row_class.name for row_class in contract.classes]
    count, first, last = _ask(_NUMBERED, batch, classes)[0]
    return f"{batch.pk}:{count}:{first}-{last}"


def _outgoing_documents(contract: Contract) -> list[dict[str, Any]]:
    """Documents of the mapping whose goods leave stock, with only the classes declared for it."""
    opening = set(contract.mapping.get("opening", {}).get("classes", ()))
    return [
        {**document, "classes": sorted(opening & set(document["classes"]))}
        for document in contract.mapping["documents"]
        if document["kind"] in OUTGOING and opening & set(document["classes"])
    ]


def _outgoing(
    batch: Import, contract: Contract, mapper: Mapper, document: dict[str, Any]
) -> list[Outgoing]:
    """Quantities per article, added up in PostgreSQL; services never move."""
    quantity = f"{_column(contract, document['line']['quantity'])}::numeric"
    # Only what an adjustment takes away leaves stock; every line of a shipment does.
    taking = f"AND {quantity} < 0" if document["kind"] == "adjustment" else ""
    articles = ", ".join(_column(contract, name) for name in mapper.sku_fields)
    rows = _ask(
        f"SELECT min(staged.content), sum(abs({quantity})), count(*) {_PLANNED} {taking}"
        f" GROUP BY {articles} ORDER BY 1",
        batch,
        document["classes"],
    )
    found = [
        Outgoing(mapper.product(mapper.cells(content)), total, lines)
        for content, total, lines in rows
    ]
    return [one for one in found if not one.product.service]


def _opening_at(
    batch: Import, contract: Contract, mapper: Mapper, documents: list[dict[str, Any]]
) -> datetime | None:
    """Some days before the first outbound line of the whole file."""
    firsts = []
    for document in documents:
        field = document.get("occurred_on")
        if isinstance(field, str):
            text = _column(contract, field)
            sql = f"SELECT min({text}) {_PLANNED} AND {text} ~ '^[0-9]'"
            first = _ask(sql, batch, document["classes"])[0][0]
            firsts.append(mapper.moment(mapper.revive(field, first)) if first else None)
    known = [first for first in firsts if first]
    days = contract.mapping["opening"].get("days_before", 1)
    return min(known) - timedelta(days=days) if known else None


def _column(contract: Contract, name: str) -> str:
    """SQL for a column's canonical text; the place is a number of ours, never text of a file."""
    return f"split_part(staged.content, chr(31), {contract.column_names.index(name) + 1})"


def _ask(sql: str, batch: Import, classes: list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"batch": batch.pk, "classes": classes})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
