from __future__ import annotations

import pytest
import yaml

from lodestock.feeds import services
from lodestock.feeds.models import ContractVersion, QuarantinedRow
from lodestock.feeds.testing.company import counts, send
from lodestock.feeds.testing.mutations import Table

pytestmark = pytest.mark.django_db

CONTRACT = """
contract: pointing
version: "1.0"
format: {kind: delimited}
identity: {key: [line], repeats: refuse}
columns:
  - {name: line, header: Line, type: code, required: true}
  - {name: parcel, header: Parcel, type: code, required: true}
  - {name: day, header: Day, type: date, patterns: [yyyy-mm-dd], required: true}
  - {name: sku, header: SKU, type: code, required: true}
  - {name: quantity, header: Quantity, type: quantity, required: true}
  - name: weight
    header: Weight
    type: decimal
    sentinels: {apart: captured_separately}
    pointer: {pattern: "See {parcel} (#{line})", key: line}
classes: [{name: sale}]
mapping:
  currency: EUR
  products: {sku: sku, name: sku}
  documents:
    - {kind: sales_order, classes: [sale], number: line, line: {quantity: quantity}}
    - kind: outbound_shipment
      classes: [sale]
      number: parcel
      order_number: line
      occurred_on: day
      line: {quantity: quantity, values: {weight: weight}}
  opening: {classes: [sale]}
"""
HEADER = ["Line", "Parcel", "Day", "SKU", "Quantity", "Weight"]


@pytest.fixture
def version() -> ContractVersion:
    return services.register_contract(yaml.safe_load(CONTRACT))


def row(line: int, weight: str, parcel: str = "P1") -> list[str]:
    return [str(line), parcel, "2024-05-03", "SKU-1", "2", weight]


def write(*rows: list[str]) -> bytes:
    return Table(HEADER, list(rows)).write()


def pointers(batch) -> dict[str, int]:
    return services.answer_of(batch)["totals"]["pointers"]


def test_pointers_forward_and_back_are_resolved(version) -> None:
    batch = send(version, write(row(1, "See P1 (#3)"), row(2, "See P1 (#1)"), row(3, "4.5")))
    assert counts(batch) == (3, 0, 0, 0)
    assert pointers(batch) == {"found": 2, "resolved": 2}


def test_a_pointer_to_a_row_of_an_earlier_file_is_resolved(version) -> None:
    send(version, write(row(3, "4.5")))
    batch = send(version, write(row(4, "See P1 (#3)")))
    assert pointers(batch) == {"found": 1, "resolved": 1}


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        ("See P1 (#99)", "row 99, which is neither in the file"),
        ("See P9 (#3)", "that row has P1"),
        ("See P1 (#4)", "points to its own row"),
    ],
)
def test_a_pointer_that_leads_nowhere_puts_its_row_aside(version, weight, words) -> None:
    batch = send(version, write(row(3, "4.5"), row(4, weight)))
    assert counts(batch) == (1, 0, 1, 0)
    assert pointers(batch) == {"found": 1, "resolved": 0}
    assert words in QuarantinedRow.objects.get(batch=batch).reason


def test_the_row_is_taken_once_the_other_has_come(version) -> None:
    batch = send(version, write(row(3, "4.5"), row(4, "See P1 (#7)")))
    waiting = QuarantinedRow.objects.get(batch=batch)
    send(version, write(row(7, "1.25")))
    assert services.fix_and_replay(waiting).status == "replayed"
