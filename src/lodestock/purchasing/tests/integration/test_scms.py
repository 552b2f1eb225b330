"""Ten years of a real supply chain: totals and suppliers, against the file itself."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lodestock.catalog.services import ensure_variants
from lodestock.catalog.types import VariantSpec
from lodestock.inventory.models import Balance
from lodestock.kernel import ids
from lodestock.kernel.principals import PROGRAM
from lodestock.organisation.services import ensure_site
from lodestock.partners.services import ensure_partners
from lodestock.partners.types import PartnerSpec
from lodestock.purchasing import services
from lodestock.purchasing.models import PurchaseOrder
from lodestock.purchasing.selectors import purchase_orders, purchase_summary, supplier_performance
from lodestock.purchasing.types import (
    DirectDelivery,
    DirectLine,
    Outcome,
    PurchaseHistory,
    PurchaseLineInput,
    PurchaseOrderInput,
)

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]
Row = dict[str, str]


def day(text: str) -> datetime:
    return datetime.combine(
        datetime.strptime(text, "%d-%b-%y").replace(tzinfo=UTC).date(), time(12), tzinfo=UTC
    )


def direct_rows(folder: Path) -> list[Row]:
    with (folder / "scms" / "scms_open.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["Fulfill Via"] == "Direct Drop"]


def histories(rows: list[Row]) -> list[PurchaseHistory]:
    """One history for each purchase order, with a delivery for each shipment document."""
    site = ensure_site(code="RDC", name="RDC", currency="USD").pk
    articles = ensure_variants(
        [
            VariantSpec(sku=f"I{n}", name=name[:200], kind="product", base_uom="each")
            for n, name in enumerate(sorted({r["Item Description"] for r in rows}))
        ]
    )
    names = sorted({r["Item Description"] for r in rows})
    variants = {name: articles[f"I{n}"] for n, name in enumerate(names)}
    vendors = sorted({r["Vendor"] for r in rows})
    partners = ensure_partners(
        [PartnerSpec(code=f"V{n}", name=v, roles=("supplier",)) for n, v in enumerate(vendors)]
        + [PartnerSpec(code="CLIENT", name="Client", roles=("customer",))]
    )
    suppliers = {v: partners[f"V{n}"] for n, v in enumerate(vendors)}
    documents: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        documents[row["PO / SO #"]].append(row)
    return [
        PurchaseHistory(
            PurchaseOrderInput(
                supplier_id=suppliers[lines[0]["Vendor"]],
                site_id=site,
                lines=tuple(_line(row, variants) for row in lines),
                source="scms",
                external_id=number,
            ),
            deliveries=tuple(_deliveries(lines, partners["CLIENT"])),
        )
        for number, lines in documents.items()
    ]


def _line(row: Row, variants: dict[str, int]) -> PurchaseLineInput:
    return PurchaseLineInput(
        variant_id=variants[row["Item Description"]],
        quantity=Decimal(row["Line Item Quantity"]),
        unit_price=Decimal(row["Pack Price"]),
        amount=Decimal(row["Line Item Value"]),
        promised_on=day(row["Scheduled Delivery Date"]).date(),
        external_key=row["ID"],
    )


def _deliveries(lines: list[Row], customer: int) -> list[DirectDelivery]:
    shipments: dict[str, list[Row]] = defaultdict(list)
    for row in lines:
        shipments[row["ASN/DN #"]].append(row)
    return [
        DirectDelivery(
            customer_id=customer,
            lines=tuple(DirectLine(row["ID"]) for row in rows),
            external_id=number,
            delivered_at=day(rows[0]["Delivered to Client Date"]),
            scheduled_on=day(rows[0]["Scheduled Delivery Date"]).date(),
        )
        for number, rows in shipments.items()
    ]


def test_the_real_file_gives_the_real_totals_and_suppliers(real_data: Path) -> None:
    rows = direct_rows(real_data)
    documents = histories(rows)
    for start in range(0, len(documents), 600):
        answer = services.place_and_receive_bulk(documents[start : start + 600])
        assert answer.count(Outcome.APPLIED) == len(answer.outcomes)
    (summary,) = purchase_summary(PROGRAM, group_by="currency")
    assert (summary.key, summary.orders, summary.lines) == ("USD", 1829, 3007)
    assert summary.value == Decimal("327002619.2400")
    assert summary.open_value == 0
    assert not Balance.objects.exclude(on_hand=0).exists()
    found = {x.name: x for x in supplier_performance(PROGRAM, today=day("01-Jan-20").date())}
    orgenics, trinity = found["Orgenics, Ltd"], found["Trinity Biotech, Plc"]
    assert (orgenics.due_lines, orgenics.on_time_lines) == (463, 410)
    assert orgenics.on_time_share == Decimal("0.885529")
    assert (trinity.due_lines, trinity.on_time_lines) == (207, 206)
    assert sum(x.on_time_lines for x in found.values()) == _on_time(rows)
    again = services.place_and_receive_bulk(documents[:600])
    assert again.count(Outcome.UNCHANGED) == len(again.outcomes)


def _on_time(rows: list[Row]) -> int:
    return sum(
        day(row["Delivered to Client Date"]) <= day(row["Scheduled Delivery Date"]) for row in rows
    )


def test_filters_on_the_real_file_are_what_brute_force_finds(
    real_data: Path, admin_client: Any
) -> None:
    rows = direct_rows(real_data)[:700]
    documents = histories(rows)
    moved = [
        PurchaseHistory(
            order=_ordered(document, n), sent_at=document.sent_at, deliveries=document.deliveries
        )
        for n, document in enumerate(documents)
    ]
    services.place_and_receive_bulk(moved)
    after, before = day("01-Jan-05"), day("01-Mar-05")
    supplier = PurchaseOrder.objects.order_by("pk").first().supplier_id
    expected = {
        order.sqid
        for order in purchase_orders(PROGRAM)
        if order.status == "received"
        and order.supplier_id == supplier
        and order.ordered_at
        and after <= order.ordered_at < before
    }
    answer = admin_client.get(
        "/api/v1/purchase-orders",
        {
            "status": "received",
            "supplier": ids.encode("partners.partner", supplier),
            "ordered_after": after.isoformat(),
            "ordered_before": before.isoformat(),
            "page_size": 500,
        },
    ).json()
    assert {row["sqid"] for row in answer["results"]} == expected
    assert expected


def _ordered(history: PurchaseHistory, number: int) -> PurchaseOrderInput:
    """The file does not say when these were ordered: a day before any delivery, in turn."""
    from dataclasses import replace

    return replace(history.order, ordered_at=day("01-Jan-05") + timedelta(days=number % 90))
