"""What the accepted rows of a file add up to, exactly, computed in PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection

from lodestock.feeds.domain.contract import Contract
from lodestock.feeds.models import Import

_ACCEPTED = """
FROM feeds_stagedrow AS staged
JOIN feeds_plannedrow AS planned
  ON (planned.batch_id, planned.row_number) = (staged.batch_id, staged.row_number)
WHERE staged.batch_id = %(batch)s AND planned.fate IN ('new', 'unchanged')
  AND staged.row_class = ANY(%(classes)s)
  AND NOT EXISTS (SELECT 1 FROM feeds_quarantinedrow AS held
                  WHERE held.batch_id = staged.batch_id AND held.row_number = staged.row_number
                    AND held.status IN ('open', 'rejected'))
"""
ORDERS = {"purchase_order": "purchase_orders", "sales_order": "sales_orders"}
SHIPMENTS = frozenset({"direct_shipment", "outbound_shipment"})


def totals_of(batch: Import, contract: Contract) -> dict[str, dict[str, Any]]:
    """Documents and values of the file's accepted rows, told now or before."""
    totals: dict[str, dict[str, Any]] = {
        name: {"count": 0, "value": "0.00"} for name in ORDERS.values()
    }
    totals["shipments"] = {"count": 0}
    for document in contract.mapping["documents"]:
        if document["kind"] in ORDERS:
            totals[ORDERS[document["kind"]]] = _orders(batch, contract, document)
        elif document["kind"] in SHIPMENTS:
            totals["shipments"]["count"] += _count(batch, contract, document)
    return totals


def _orders(batch: Import, contract: Contract, document: dict[str, Any]) -> dict[str, Any]:
    value = _value(batch, contract, document)
    return {"count": _count(batch, contract, document), "value": money_text(value)}


def money_text(value: Decimal) -> str:
    """The exact sum, with at least two decimal places."""
    cents = value.quantize(Decimal("0.01"))
    return format(cents if cents == value else value.normalize(), "f")


def _count(batch: Import, contract: Contract, document: dict[str, Any]) -> int:
    number = document["number"]
    plain = isinstance(number, str)
    expression = _column(contract, number) if plain else "staged.document"
    return int(_ask(f"SELECT count(DISTINCT {expression}) {_ACCEPTED}", batch, document) or 0)


def _value(batch: Import, contract: Contract, document: dict[str, Any]) -> Decimal:
    line = document.get("line", {})
    if "amount" in line:
        expression = _number(contract, line["amount"])
    elif "unit_price" in line:
        left, right = _number(contract, line["quantity"]), _number(contract, line["unit_price"])
        expression = f"{left} * {right}"
    else:
        return Decimal(0)
    return Decimal(_ask(f"SELECT coalesce(sum({expression}), 0) {_ACCEPTED}", batch, document) or 0)


def _column(contract: Contract, name: str) -> str:
    """SQL for a column's canonical text; the place is a number of ours, never text of a file."""
    return f"split_part(staged.content, chr(31), {contract.column_names.index(name) + 1})"


def _number(contract: Contract, name: str) -> str:
    text = _column(contract, name)
    return f"(CASE WHEN {text} ~ '^-?[0-9]+([.][0-9]+)?$' THEN {text}::numeric END)"


def _ask(sql: str, batch: Import, document: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"batch": batch.pk, "classes": list(document["classes"])})
        return cursor.fetchone()[0]
