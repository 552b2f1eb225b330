"""What: forty-odd products in some hundred and fifty variants.

GTINs begin with 2, the range GS1 reserves for numbers used inside one company: none of them can be
another product's.
"""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

#: code, name, code of the parent
CATEGORIES = (
    ("frames", "Frames and forks", ""),
    ("wheels", "Wheels", ""),
    ("tyres", "Tyres and tubes", "wheels"),
    ("rims", "Rims, hubs and spokes", "wheels"),
    ("drivetrain", "Drivetrain", ""),
    ("brakes", "Brakes", ""),
    ("cockpit", "Cockpit", ""),
    ("care", "Care", ""),
    ("accessories", "Accessories", ""),
    ("kits", "Kits", ""),
    ("services", "Services", ""),
)


@dataclass(frozen=True)
class DemoProduct:
    """One product.

    ``weekly`` is the mean demand of one variant at both sites together, in its unit; ``pack`` what
    the supplier delivers multiples of; ``cost`` and ``price`` are per unit.
    """

    code: str
    name: str
    category: str
    supplier: str
    cost: str
    price: str
    weekly: float
    pack: int
    kind: str
    tracking: str
    uom: str
    shelf_life_days: int | None
    weight_kg: str
    hazard: str
    options: dict[str, tuple[str, ...]]


@cache
def products() -> tuple[DemoProduct, ...]:
    """The products of ``products.csv``, in its order."""
    text = resources.files(__package__).joinpath("products.csv").read_text(encoding="utf-8")
    return tuple(_product(row) for row in csv.DictReader(text.splitlines()))


def _product(row: dict[str, str]) -> DemoProduct:
    axes = [axis.split("=") for axis in filter(None, row.pop("options").split(";"))]
    days = row.pop("shelf_life_days")
    return DemoProduct(
        weekly=float(row.pop("weekly")),
        pack=int(row.pop("pack")),
        shelf_life_days=int(days) if days else None,
        options={name: tuple(values.split()) for name, values in axes},
        **row,
    )


#: What goes into one kit: SKU and quantity of each part.
KITS = {
    "KIT-TL": (("TAPE-29", 2), ("VLV-44-BLACK", 1), ("SEAL-250ML", 1)),
    "KIT-SV": (("CHN-11", 1), ("PAD-RESIN", 2), ("CBL-SHIFT", 2), ("LUBE-DRY", 1)),
}


@dataclass(frozen=True, eq=False)
class DemoVariant:
    """One stock-keeping unit, with what the year needs to know of it; there is one object each."""

    sku: str
    name: str
    product: DemoProduct
    attributes: dict[str, str]
    gtin: str

    @property
    def cost(self) -> Decimal:
        return Decimal(self.product.cost)

    @property
    def price(self) -> Decimal:
        return Decimal(self.product.price)

    @property
    def stocked(self) -> bool:
        return self.product.kind != "service"


@cache
def variants() -> tuple[DemoVariant, ...]:
    """Every combination of every product's options, in a fixed order."""
    made: list[DemoVariant] = []
    for product in products():
        for values in itertools.product(*product.options.values()):
            sku = "-".join([product.code, *map(_word, values)])
            name = ", ".join([product.name, *values])
            attributes = dict(zip(product.options, values, strict=True))
            made.append(DemoVariant(sku, name, product, attributes, _gtin(len(made) + 1)))
    return tuple(made)


def _word(value: str) -> str:
    """An option's value as the catalogue spells it in a SKU."""
    return re.sub(r"[^A-Z0-9]+", "", value.upper())


def _gtin(number: int) -> str:
    """A GTIN-13 of the in-company range, written with 14 digits, with its check digit."""
    digits = f"0290000{number:06d}"
    total = sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
