"""The web shop's weekly file: week 1 comes in, week 2 is stopped because its dates have turned."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

from lodestock.feeds import services as feeds
from lodestock.kernel.errors import Conflict
from lodestock.shell.demo.catalogue import DemoVariant, variants
from lodestock.shell.demo.company import CUSTOMERS, MAIN
from lodestock.shell.demo.plan import Year

HEADER = "Order,Date,Customer,SKU,Qty,Price"
ORDERS = 45


def load_feed(year: Year) -> None:
    """Import both weeks; the same files again change nothing."""
    weeks = [week.monday for week in year.weeks[-2:]]
    contract = resources.files("lodestock.shell.demo").joinpath("webshop.yaml")
    with resources.as_file(contract) as path, tempfile.TemporaryDirectory() as folder:
        first = feeds.import_feed(path, _write(folder, year.seed, weeks[0], "%m/%d/%Y"))
        second = feeds.import_feed(path, _write(folder, year.seed, weeks[1], "%d/%m/%Y"))
    if not feeds.answer_of(first)["ok"] or feeds.answer_of(second)["ok"]:
        raise Conflict(
            "The web shop's first week should come in and its second be stopped; they ended as"
            f" {first.status} and {second.status}."
        )


def _write(folder: str, seed: int, monday: date, pattern: str) -> Path:
    """One week's file, the same for the same seed."""
    path = Path(folder) / f"webshop-{monday:%Y-%m-%d}.csv"
    lines = [HEADER, *_lines(random.Random(f"{seed}:{monday}"), monday, pattern)]  # noqa: S311
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _lines(rng: random.Random, monday: date, pattern: str) -> Iterator[str]:
    goods = [one for one in variants() if one.product.kind == "product" and one.product.weekly]
    customers = [one.code for one in CUSTOMERS if one.site == MAIN]
    for number in range(ORDERS):
        day = monday + timedelta(days=number * 7 // ORDERS)
        order = f"WEB-{monday:%g%V}-{number + 1:03d}"
        when = f"{_plain(day, pattern)} {rng.randrange(8, 20)}:{rng.randrange(60):02d}"
        who = rng.choice(customers)
        chosen: list[DemoVariant] = rng.sample(goods, rng.randint(1, 3))
        for one in chosen:
            yield f"{order},{when},{who},{one.sku},{rng.randint(1, 3)},{one.price}"


def _plain(day: date, pattern: str) -> str:
    """The day as a shop writes it: without leading zeros."""
    return "/".join(part.lstrip("0") for part in day.strftime(pattern).split("/"))
