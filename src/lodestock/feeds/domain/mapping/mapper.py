"""Turns rows of one document into the documents the contract makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from lodestock.feeds.domain.cells import ColumnReviver
from lodestock.feeds.domain.cells.cell import Cell, State
from lodestock.feeds.domain.cells.reading import remembered_per_column
from lodestock.feeds.domain.contract.building import condition
from lodestock.feeds.domain.contract.model import Contract
from lodestock.feeds.domain.mapping.values import Value, compile_unit, compile_value
from lodestock.feeds.domain.rows.conditions import Test, compile_condition
from lodestock.feeds.domain.rows.identity import JOINT
from lodestock.feeds.types import (
    DocumentKind,
    FeedDocument,
    FeedLine,
    FeedPartner,
    FeedProduct,
)

Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A staged row on its way into documents."""

    number: int
    row_class: str
    key: str
    cells: Row


class Mapper:
    """All documents of one contract. ``documents`` keeps the order in which rows come."""

    def __init__(self, contract: Contract) -> None:
        mapping = contract.mapping
        self.contract = contract
        remembered = remembered_per_column(len(contract.columns))
        self._revivers = {
            column.name: ColumnReviver(column, remembered=remembered) for column in contract.columns
        }
        self._zone = ZoneInfo(contract.timezone)
        self._products = _Products(mapping["products"])
        self._partners = {item["name"]: _Partner(item) for item in mapping.get("partners", [])}
        self._documents = [
            _Document(number, item, self) for number, item in enumerate(mapping["documents"])
        ]

    def cells(self, content: str) -> Row:
        """The typed cells of a staged row's canonical content."""
        parts = content.split(JOINT)
        parts += [""] * (len(self._revivers) - len(parts))
        return {
            name: reviver[part]
            for (name, reviver), part in zip(self._revivers.items(), parts, strict=True)
        }

    @property
    def sku_fields(self) -> tuple[str, ...]:
        """The fields an article is known by."""
        sku = self.contract.mapping["products"]["sku"]
        return (sku,) if isinstance(sku, str) else tuple(sku.get("code_of") or sku["first_of"])

    def product(self, row: Row) -> FeedProduct:
        """The article a row is about."""
        return self._products.product(row)

    def revive(self, column: str, canonical: str) -> Cell:
        """One typed cell from its canonical text."""
        return self._revivers[column][canonical]

    def documents(self, rows: Iterable[MappedRow]) -> list[FeedDocument]:
        """The documents of these rows; rows of one document must come together."""
        groups: dict[tuple[int, str], list[MappedRow]] = {}
        for row in rows:
            for document in self._documents:
                if row.row_class in document.classes:
                    key = (document.place, document.number(row.cells).canonical)
                    groups.setdefault(key, []).append(row)
        return [
            self._documents[place].make(number, rows) for (place, number), rows in groups.items()
        ]

    def moment(self, cell: Cell) -> datetime | None:
        """The aware instant of a date cell in the contract's zone; days begin at midnight."""
        value = cell.value if cell.state is State.VALUE else None
        if isinstance(value, datetime):
            return _aware(value, self._zone)
        if isinstance(value, date):
            return _aware(datetime(value.year, value.month, value.day), self._zone)  # noqa: DTZ001
        return None


@cache
def _aware(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


class _Products:
    def __init__(self, found: Mapping[str, Any]) -> None:
        self._sku, self._name = compile_value(found["sku"]), compile_value(found["name"])
        self._kind, self._uom = found.get("kind", "product"), compile_unit(found.get("uom", "each"))
        self._services: list[tuple[str, Test]] = [
            (item["column"], compile_condition(condition(item)))
            for item in found.get("service_when", [])
        ]
        self._attributes = {
            name: compile_value(value) for name, value in found.get("attributes", {}).items()
        }
        self._made: dict[tuple[str, str, str], FeedProduct] = {}

    def product(self, row: Row) -> FeedProduct:
        named = self._sku(row).canonical, self._name(row).canonical, self._uom(row)
        made = self._made.get(named)
        if made is None:
            if len(self._made) > 20_000:
                self._made.clear()
            made = self._made[named] = self._make(*named, row)
        return made

    def _make(self, sku: str, name: str, uom: str, row: Row) -> FeedProduct:
        service = bool(self._services) and all(test(row[at]) for at, test in self._services)
        attributes = {
            key: cell.canonical
            for key, value in self._attributes.items()
            if (cell := value(row)).state is State.VALUE
        }
        return FeedProduct(
            sku, name, "service" if service else self._kind, uom, service, attributes
        )


class _Partner:
    def __init__(self, found: Mapping[str, Any]) -> None:
        self._role = found["role"]
        self._code = compile_value(found["code"])
        self._title = compile_value(found.get("title", found["code"]))
        self._country = compile_value(found.get("country"))

    def partner(self, row: Row) -> FeedPartner:
        code = self._code(row).canonical
        title = self._title(row).canonical or code
        return FeedPartner(code, title, self._role, self._country(row).canonical)


class _Document:
    """One entry of ``mapping.documents``."""

    def __init__(self, place: int, found: Mapping[str, Any], mapper: Mapper) -> None:
        self.place = place
        self.kind = DocumentKind(found["kind"])
        self.classes = frozenset(found["classes"])
        self.number = compile_value(found["number"])
        self._mapper = mapper
        self._order = compile_value(found.get("order_number"))
        self._occurred = compile_value(found.get("occurred_on"))
        self._partner = found.get("partner")
        self._values = _values(found.get("values", {}))
        self._line = _Line(found.get("line", {}), mapper)

    def make(self, number: str, rows: Sequence[MappedRow]) -> FeedDocument:
        first = rows[0].cells
        partner = self._mapper._partners[self._partner].partner(first) if self._partner else None
        return FeedDocument(
            kind=self.kind,
            source=self._mapper.contract.name,
            number=number,
            lines=tuple(self._line.make(row) for row in rows),
            row_class=rows[0].row_class,
            order_number=self._order(first).canonical,
            partner=partner,
            occurred_at=self._earliest(rows),
            values={name: value(first) for name, value in self._values.items()},
        )

    def _earliest(self, rows: Sequence[MappedRow]) -> datetime | None:
        moments = (self._mapper.moment(self._occurred(row.cells)) for row in rows)
        return min((moment for moment in moments if moment), default=None)


class _Line:
    def __init__(self, found: Mapping[str, Any], mapper: Mapper) -> None:
        self._products = mapper._products
        self._quantity = found.get("quantity")
        self._price = compile_value(found.get("unit_price"))
        self._amount = compile_value(found.get("amount"))
        self._reason = compile_value(found.get("reason"))
        self._place = compile_value(found.get("place"))
        self._values = _values(found.get("values", {}))

    def make(self, row: MappedRow) -> FeedLine:
        cells = row.cells
        quantity = _decimal(cells[self._quantity]) if self._quantity else None
        return FeedLine(
            row=row.number,
            key=row.key,
            product=self._products.product(cells),
            quantity=Decimal(0) if quantity is None else quantity,
            unit_price=_decimal(self._price(cells)),
            amount=_decimal(self._amount(cells)),
            reason=self._reason(cells).canonical,
            place=_text(self._place(cells)),
            values={name: value(cells) for name, value in self._values.items()},
        )


def _values(found: Mapping[str, Any]) -> dict[str, Value]:
    return {name: compile_value(value) for name, value in found.items()}


def _text(cell: Cell) -> str:
    return cell.canonical if cell.state is State.VALUE else ""


def _decimal(cell: Cell) -> Decimal | None:
    if cell.state is not State.VALUE:
        return None
    value = cell.value
    return Decimal(value) if isinstance(value, Decimal | int) else None
