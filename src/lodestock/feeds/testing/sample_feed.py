"""A made-up wholesaler's weekly order lines: realistic in spread, deterministic, of any length."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from lodestock.feeds.domain.contract import Contract, parse_contract
from lodestock.feeds.testing.mutations import Table

CONTRACT_TEXT = """
contract: sample_orders
version: "1.0"
title: Order lines of a made-up wholesaler
timezone: Europe/Paris
format: {kind: delimited, separators: [comma], encodings: [utf-8]}
identity: {key: [order, article], document: order, date: ordered_at, repeats: refuse}
columns:
  - {name: order, header: Order, type: code, required: true}
  - {name: article, header: Article, type: code, required: true}
  - {name: name, header: Name, type: text}
  - {name: quantity, header: Quantity, type: quantity, minimum: "0.000001", required: true}
  - {name: price, header: Price, type: money, minimum: "0", required: true}
  - {name: value, header: Value, type: money, required: true}
  - {name: ordered_at, header: Ordered, type: date, patterns: [m/d/yy], required: true}
  - {name: due_on, header: Due, type: date, patterns: [m/d/yy]}
  - {name: customer, header: Customer, type: code}
  - {name: country, header: Country, type: text}
  - {name: channel, header: Channel, type: enum, values: [web, phone, shop]}
checks:
  - {name: due_after_order, earlier: ordered_at, later: due_on, otherwise: quarantine}
arithmetic:
  - {name: line_value, left: quantity, right: price, product: value}
classes:
  - {name: sale}
mapping:
  currency: EUR
  products: {sku: article, name: name, uom: each}
  partners:
    - {name: customer, role: customer, code: {first_of: [customer], otherwise: WALK-IN}}
  documents:
    - kind: sales_order
      classes: [sale]
      number: order
      partner: customer
      occurred_on: ordered_at
      line: {quantity: quantity, unit_price: price, amount: value, values: {due_on: due_on}}
    - kind: outbound_shipment
      classes: [sale]
      number: order
      order_number: order
      partner: customer
      occurred_on: due_on
      line: {quantity: quantity}
  opening: {classes: [sale], days_before: 1}
"""

HEADER = "Order,Article,Name,Quantity,Price,Value,Ordered,Due,Customer,Country,Channel".split(",")
COUNTRIES = ["France"] * 30 + ["Germany"] * 4 + ["Spain", "Côte d'Ivoire", "Italy"]
NAMES = ["CUP", "PLATE", "LAMP", "CHAIR", "TABLE", "RUG", "VASE", "CLOCK", "FRAME", "CANDLE"]
FIRST_DAY = datetime(2023, 1, 2)  # noqa: DTZ001 - local days of the feed


def sample_contract() -> Contract:
    return parse_contract(CONTRACT_TEXT, name="sample_orders.yaml")


class SampleFeed:
    """Successive weeks of one feed; the same seed gives the same rows."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._order = 70_000
        self._prices = {
            f"A{number:04}": round(self._random.lognormvariate(2, 0.9), 2) for number in range(400)
        }

    def week(self, number: int, orders: int = 40) -> Table:
        """The order lines of week ``number`` (from 0)."""
        rows: list[list[str]] = []
        start = FIRST_DAY + timedelta(days=7 * number)
        for index in range(orders):
            rows += self._order_lines(start + timedelta(days=index * 6 // max(orders, 1)))
        return Table(list(HEADER), rows)

    def _order_lines(self, day: datetime) -> list[list[str]]:
        rng = self._random
        self._order += 1
        customer = "" if rng.random() < 0.1 else str(rng.randint(12_000, 18_000))
        country, channel = rng.choice(COUNTRIES), rng.choice(["web", "web", "phone", "shop"])
        due = day + timedelta(days=rng.randint(1, 9))
        lines = []
        for article in rng.sample(sorted(self._prices), rng.randint(1, 9)):
            quantity = rng.choice([1, 1, 2, 2, 3, 4, 6, 12, 24, 48])
            price = self._prices[article]
            name = f"{rng.choice(NAMES)} {article}"
            lines.append(
                [
                    *(str(self._order), article, name, str(quantity), f"{price:.2f}"),
                    *(f"{quantity * price:.2f}", _spell(day), _spell(due)),
                    *(customer, country, channel),
                ]
            )
        return lines


def _spell(day: datetime) -> str:
    return f"{day.month}/{day.day}/{day:%y}"
