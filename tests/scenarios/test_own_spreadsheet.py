"""A newcomer's own stock list, messy as they come, is in the ledger within a quarter of an hour."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.scenarios.own_spreadsheet import StockList, messy, write_csv, write_workbook

from lodestock.config.appliers.shelves import shelf_code
from lodestock.config.testing.installation import Installation
from lodestock.config.wiring import wire
from lodestock.feeds import services
from lodestock.feeds.domain.drafting import Wishes, draft
from lodestock.feeds.models import QuarantinedRow
from lodestock.feeds.testing.company import counts
from lodestock.inventory.verification.run import verify

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "own-spreadsheet.md"
BOUND_SECONDS = 15 * 60
CARTONS = ("words: {", "words: {Krt: carton, ")
ON_HAND = """
SELECT v.sku, l.path, b.on_hand FROM inventory_balance b
JOIN catalog_variant v ON v.id = b.variant_id JOIN locations_location l ON l.id = b.location_id
WHERE b.on_hand <> 0
"""


def expected(stock: StockList) -> dict[tuple[str, str], Decimal]:
    return {
        (sku, f"MAIN-WH/{shelf_code(shelf)}"): quantity
        for (sku, shelf), quantity in stock.on_hand.items()
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "write"), [("stock.xlsx", write_workbook), ("stock.csv", write_csv)]
)
def test_a_messy_list_comes_in_exactly_and_what_is_wrong_with_it_waits(
    name: str, write: Callable[..., None], tmp_path: Path, settings: Any
) -> None:
    wire()
    settings.HOME = tmp_path / "home"
    stock = messy()
    write(tmp_path / name, stock.rows)
    text = draft(tmp_path / name, Wishes(name="stock")).text
    contract = tmp_path / "stock.yaml"
    contract.write_text(text.replace(*CARTONS), encoding="utf-8")

    batch = services.import_feed(contract, tmp_path / name)

    assert batch.quarantined == len(stock.held)
    lines = set(QuarantinedRow.objects.values_list("line", flat=True))
    # A line break inside a heading moves the lines of a text file below it, not those of a sheet.
    shift = 1 if name.endswith(".csv") else 0
    assert lines == {line + shift for line in stock.held_lines}
    with connection.cursor() as cursor:
        cursor.execute(ON_HAND)
        assert {(sku, path): held for sku, path, held in cursor} == expected(stock)
        cursor.execute(
            "SELECT v.sku, u.code FROM catalog_variant v"
            " JOIN catalog_product p ON p.id = v.product_id"
            " JOIN organisation_uom u ON u.id = p.base_uom_id"
        )
        units = dict(cursor.fetchall())
    assert units == {sku: stock.units[sku] for sku in stock.articles}
    assert verify().differences == []
    assert counts(services.import_feed(contract, tmp_path / name))[:2] == (0, batch.applied)


class Newcomer:
    """Types what the how-to says, in the order it says it, and takes the time."""

    def __init__(self, folder: Path, installation: Installation) -> None:
        self.folder = folder
        self.environment = installation.environment
        self.commands = [
            line
            for block in re.findall(r"```\n(.*?)```", HOWTO.read_text(), re.DOTALL)
            for line in block.splitlines()
        ]

    def type_next(self, verb: str, *, status: int = 0, **put: str) -> str:
        """Type the next command of the page, which must be ``verb``; returns what it printed."""
        command = self.commands.pop(0)
        for shown, meant in put.items():
            command = command.replace(shown, meant)
        program, *arguments = shlex.split(command)
        assert (program, arguments[0]) == ("lodestock", verb), command
        return self.run(*arguments, status=status)

    def run(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "lodestock", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, f"{arguments}: {done.stdout}\n{done.stderr[-3000:]}"
        return done.stdout


@pytest.mark.long
@pytest.mark.owns_server
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_how_to_leads_a_newcomer_to_their_own_stock_in_a_quarter_of_an_hour(
    tmp_path: Path, installation: Installation
) -> None:
    """Every command of the page, typed on a new home with a database of its own."""
    stock = messy()
    write_workbook(tmp_path / "stock.xlsx", stock.rows)
    newcomer = Newcomer(tmp_path, installation)
    began = time.monotonic()
    assert shlex.split(newcomer.commands.pop(0)) == ["lodestock", "up"]
    installation.up()

    said = newcomer.type_next("draft_contract")
    assert "CHECK which units are Krt?" in said
    contract = tmp_path / "stock.yaml"
    contract.write_text(contract.read_text().replace(*CARTONS))

    said = newcomer.type_next("import_feed", status=1)
    assert "dry run" in said
    assert "line 278: quantity: 12 pcs is not a number" in said
    newcomer.type_next("import_feed", status=1)

    waiting = newcomer.type_next("quarantine")
    ids = dict(re.findall(r"^(\w+) line (\d+) ", waiting, re.MULTILINE))
    ids = {int(line): key for key, line in ids.items()}
    assert ids.keys() == stock.held_lines.keys()
    names = {name: ids[line] for line, name in stock.held_lines.items()}
    newcomer.type_next("quarantine", kPm3Xb=names.pop("words in the quantity"))
    newcomer.type_next("quarantine", fR7wQz=names.pop("total"))
    for key in names.values():
        newcomer.run("quarantine", "reject", key, "--reason", "not counted")
    assert newcomer.run("quarantine", "list").strip() == ""

    newcomer.type_next("verify_ledger")
    assert "on hand 7.000000" in newcomer.type_next("explain_balance")
    assert not newcomer.commands, "the page has commands that nobody typed"
    found = on_screen(installation, "QB-900") | on_screen(installation, "QB-902")
    seconds = time.monotonic() - began
    print(f"\nown spreadsheet: {len(stock.rows)} lines in the ledger after {seconds:.0f} s")
    assert found == {
        ("QB-900", "MAIN-WH/A-01"): Decimal(12),
        ("QB-902", "MAIN-WH/A-04"): Decimal(7),
    }
    assert seconds < BOUND_SECONDS


def on_screen(installation: Installation, sku: str) -> dict[tuple[str, str], Decimal]:
    """What the running program answers to the address at the end of the page."""
    address = re.search(r"`GET (/api/v1/stock\?sku=)\S+`", HOWTO.read_text())
    assert address is not None
    answer = json.loads(installation.fetch(f"{address[1]}{sku}"))
    return {(row["sku"], row["path"]): Decimal(row["on_hand"]) for row in answer["results"]}
