"""The engine alone on real files: no database."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from lodestock.feeds.domain.cells import State
from lodestock.feeds.domain.contract import Contract, load_contract
from lodestock.feeds.domain.rows import Batch, RowEngine, bind
from lodestock.feeds.domain.source import open_source, sniff
from lodestock.feeds.testing.mutations import Table, mutations, read_table
from lodestock.feeds.testing.simulation import SimulatedFeed

pytestmark = pytest.mark.real_data
CONTRACTS = Path(__file__).parents[5] / "examples/contracts"
RETAIL = "online_retail/online_retail_II_2009-12_2010-12.csv.gz"


def contract(name: str) -> Contract:
    return load_contract(CONTRACTS / f"{name}.yaml")


def typed(name: str, path: Path) -> list[Batch]:
    form = sniff(path)
    with open_source(path, form) as source:
        engine = RowEngine(contract(name), bind(contract(name), source.header))
        return list(engine.batches(source.rows))


@pytest.fixture(scope="module")
def scms(real_data) -> dict[str, list[Batch]]:
    return {
        form: typed("scms", real_data / f"scms/{form}.csv")
        for form in ("scms_open", "scms_open_as_found")
    }


def test_both_forms_of_scms_agree_cell_by_cell(scms) -> None:
    contents = [[row for batch in batches for row in batch.contents] for batches in scms.values()]
    assert len(contents[0]) == 6_255
    assert contents[0] == contents[1]


def test_the_misread_dates_are_repaired_and_counted(scms) -> None:
    repaired = {
        form: Counter(
            name
            for batch in batches
            for name, cells in batch.cells.items()
            for cell in cells
            if cell.repaired
        )
        for form, batches in scms.items()
    }
    assert repaired["scms_open"] == {"quoted_on": 1_865, "sent_on": 1_050}
    assert repaired["scms_open_as_found"] == {}


def test_no_order_is_sent_after_its_delivery_and_no_row_has_a_problem(scms) -> None:
    for batches in scms.values():
        assert not any(batch.problems or batch.broken for batch in batches)
        for batch in batches:
            for sent, came in zip(batch.cells["sent_on"], batch.cells["delivered_on"], strict=True):
                assert sent.state is not State.VALUE or sent.value <= came.value


def test_the_orders_of_scms_add_up(scms) -> None:
    found: dict[str, tuple[set[str], Decimal]] = {}
    shipments: set[str] = set()
    for batch in scms["scms_open"]:
        for place, row_class in enumerate(batch.classes):
            orders, value = found.get(row_class, (set(), Decimal(0)))
            orders.add(batch.cells["order_number"][place].canonical)
            found[row_class] = (orders, value + batch.cells["line_value"][place].value)
            shipments.add(batch.cells["shipment_number"][place].canonical)
    assert {name: (len(orders), value) for name, (orders, value) in found.items()} == {
        "direct_drop": (1_829, Decimal("327002619.24")),
        "from_rdc": (2_027, Decimal("617112780.33")),
    }
    assert len(shipments) == 4_205


def test_every_pointer_of_scms_names_a_row_that_agrees(scms) -> None:
    shipments, pointers = {}, []
    for batch in scms["scms_open"]:
        columns = (batch.cells["line_id"], batch.cells["shipment_number"])
        shipments |= {
            line.canonical: number.canonical for line, number in zip(*columns, strict=True)
        }
        pointers += [
            cell
            for name in ("weight_kg", "freight_usd")
            for cell in batch.cells[name]
            if cell.state is State.POINTER
        ]
    assert len(pointers) == 3_016
    for cell in pointers:
        assert f"shipment_number={shipments[cell.value]}" in cell.canonical


def test_the_classes_of_online_retail_add_up(real_data) -> None:
    path = real_data / RETAIL
    form = sniff(path)
    classes, walk_in, rows = Counter[str](), 0, Counter[str]()
    with open_source(path, form) as source:
        engine = RowEngine(
            contract("online_retail"), bind(contract("online_retail"), source.header)
        )
        for batch in engine.batches(source.rows):
            assert not batch.problems
            classes.update(batch.classes)
            walk_in += sum(batch.flags["walk_in"])
            rows.update(batch.contents)
    assert classes["return"] == 10_206
    assert classes["adjustment"] == 2_121
    assert classes["financial"] == 3
    assert sum(classes.values()) == 525_461
    assert walk_in == 107_927
    assert sum(rows.values()) - len(rows) == 6_865


@pytest.fixture(scope="module")
def retail(real_data) -> Table:
    return read_table(gzip.decompress((real_data / RETAIL).read_bytes()))


def slices(table: Table, rng: random.Random, size: int, count: int) -> list[Table]:
    """``count`` parts of a file: one after another, from anywhere, sampled, or shuffled."""
    start = rng.randrange(len(table.rows) - size * count)
    anywhere = [rng.randrange(len(table.rows) - size) for _ in range(count)]
    rows = {
        "successive": [table.rows[start + n * size :][:size] for n in range(count)],
        "anywhere": [table.rows[place:][:size] for place in anywhere],
        "sampled": [
            [table.rows[n] for n in sorted(rng.sample(range(len(table.rows)), size))]
            for _ in range(count)
        ],
        "shuffled": [rng.sample(table.rows, size) for _ in range(count)],
    }
    return [Table(table.header, part) for part in rows[rng.choice(sorted(rows))]]


def alarms(name: str, table: Table, *, files: int, seed: int) -> list[str]:
    """Stopped files among ``files`` clean ones, in histories of five."""
    rng, found = random.Random(seed), []
    for _ in range(files // 5):
        feed = SimulatedFeed(contract(name))
        for part in slices(table, rng, rng.choice([60, 200, 600, 1_000]), 5):
            outcome = feed.offer_bytes(part.write())
            found += [f"{one.field}: {one.code}" for one in outcome.findings if outcome.stopped]
    return found


@pytest.mark.long
def test_clean_parts_of_real_files_raise_hardly_an_alarm(real_data, retail) -> None:
    scms = read_table((real_data / "scms/scms_open.csv").read_bytes())
    found = alarms("online_retail", retail, files=300, seed=21)
    found += alarms("scms", scms, files=200, seed=22)
    assert len(found) <= 2, found


def test_clean_parts_of_online_retail_raise_no_alarm(retail) -> None:
    assert alarms("online_retail", retail, files=40, seed=5) == []


def missed(name: str, parts: list[Table], rng: random.Random) -> tuple[list[str], int]:
    """Breaking mutations of the last part that pass after the others are learned."""
    feed, found, breaking = SimulatedFeed(contract(name)), [], 0
    for part in parts[:-1]:
        feed.offer_bytes(part.write())
    for mutation in mutations(contract(name), parts[-1], rng):
        stopped = feed.offer_bytes(mutation.data, learn=False).stopped
        breaking += mutation.breaking
        if mutation.breaking and not stopped:
            found.append(mutation.name)
        assert mutation.breaking or not stopped, mutation.name
    return found, breaking


def successive(table: Table, start: int, size: int) -> list[Table]:
    return [Table(table.header, table.rows[start + n * size :][:size]) for n in range(4)]


def test_mutations_of_real_files_are_found(real_data, retail) -> None:
    scms = read_table((real_data / "scms/scms_open.csv").read_bytes())
    retail_missed, retail_all = missed(
        "online_retail", successive(retail, 200_000, 1_000), random.Random(1)
    )
    scms_missed, scms_all = missed("scms", successive(scms, 1_500, 400), random.Random(2))
    assert retail_all + scms_all > 200
    assert len(retail_missed) + len(scms_missed) <= (retail_all + scms_all) * 0.01
