"""A delivery history in the SCMS form, of any length, whose totals are known by arithmetic."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

CONTRACT = Path(__file__).resolve().parents[2] / "examples" / "contracts" / "scms.yaml"
HEADER = (
    "ID,Project Code,PQ #,PO / SO #,ASN/DN #,Country,Managed By,Fulfill Via,Vendor INCO Term,"
    "Shipment Mode,PQ First Sent to Client Date,PO Sent to Vendor Date,Scheduled Delivery Date,"
    "Delivered to Client Date,Delivery Recorded Date,Product Group,Sub Classification,Vendor,"
    "Item Description,Molecule/Test Type,Brand,Dosage,Dosage Form,Unit of Measure (Per Pack),"
    "Line Item Quantity,Line Item Value,Pack Price,Unit Price,Manufacturing Site,"
    "First Line Designation,Weight (Kilograms),Freight Cost (USD),Line Item Insurance (USD)"
).split(",")
#: Every so many lines share one document.
LINES_PER_ORDER = 4


def write_feed(path: Path, lines: int) -> dict[str, object]:
    """Write the file; answer what an import of it must report."""
    bought, sold = Decimal(0), Decimal(0)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(HEADER)
        for number in range(1, lines + 1):
            row = _row(number)
            writer.writerow(row)
            value = Decimal(row[HEADER.index("Line Item Value")])
            if _direct(number):
                bought += value
            else:
                sold += value
    orders = -(-lines // LINES_PER_ORDER)
    return {
        "rows": {
            "received": lines,
            "applied": lines,
            "unchanged": 0,
            "quarantined": 0,
            "rejected": 0,
        },
        "purchase_orders": {"count": -(-orders // 2), "value": bought},
        "sales_orders": {"count": orders // 2, "value": sold},
        "shipments": orders,
    }


def _direct(number: int) -> bool:
    return (number - 1) // LINES_PER_ORDER % 2 == 0


def _row(number: int) -> list[str]:
    order = (number - 1) // LINES_PER_ORDER
    direct = _direct(number)
    quantity, price = 1 + number % 90, Decimal(1 + number % 700) / 100
    day = f"{1 + order % 28:02d}-Mar-{8 + order % 7:02d}"
    return [
        str(number),
        f"{100 + order % 9}-CI-T01",
        f"FPQ-{order}",
        f"SCMS-{order}" if direct else f"SO-{order}",
        f"ASN-{order}" if direct else f"DN-{order}",
        "Kenya",
        "PMO - US",
        "Direct Drop" if direct else "From RDC",
        "EXW" if direct else "N/A - From RDC",
        "Air",
        "1/13/07",
        "1/20/07" if direct else "N/A - From RDC",
        *(day, day, day),
        "ARV",
        "Adult",
        f"Vendor {order % 12}" if direct else "SCMS from RDC",
        f"Tablets of sort {number % 60}",
        "Lamivudine",
        "Generic",
        "10mg",
        "Tablet",
        "60",
        str(quantity),
        str(quantity * price),
        str(price),
        "0.01",
        "Somewhere",
        "Yes",
        str(number % 50),
        "12.50",
        "",
    ]
