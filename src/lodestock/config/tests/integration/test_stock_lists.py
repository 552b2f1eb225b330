"""Stock lists: articles, places and opening stock from somebody's own table."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from lodestock.catalog import services as catalog
from lodestock.catalog.selectors import variant_by_sku, variants_by_sku
from lodestock.config.wiring import wire
from lodestock.feeds import services
from lodestock.feeds.errors import ContractDiffers, StillWrong
from lodestock.feeds.models import Import, QuarantinedRow
from lodestock.feeds.testing.company import counts, send
from lodestock.inventory.models import Movement
from lodestock.inventory.selectors import balance_at
from lodestock.locations import services as locations
from lodestock.locations.models import Location
from lodestock.locations.selectors import location_by_path
from lodestock.organisation import services as organisation

pytestmark = pytest.mark.django_db

CONTRACT = """
contract: stock
version: "1.0"
format: {kind: delimited, separators: [comma]}
identity: {key: [sku, shelf], repeats: refuse}
columns:
  - {name: sku, header: SKU, type: code, required: true}
  - {name: name, header: Name, type: text}
  - {name: unit, header: Unit, type: text}
  - {name: shelf, header: Shelf, type: text}
  - {name: quantity, header: Qty, type: quantity, sentinels: {n/a: not_stated}}
  - {name: cost, header: Cost, type: money}
classes:
  - {name: stock}
mapping:
  currency: EUR
  site: HQ
  places: create
  products:
    sku: sku
    name: name
    uom: {column: unit, words: {Stk: each}}
  documents:
    - kind: opening_stock
      classes: [stock]
      number: sku
      line: {quantity: quantity, place: shelf, unit_price: cost}
"""


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"
    wire()


def document(**mapping: object) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(CONTRACT)
    found["mapping"] |= mapping
    return found


def take(*rows: str, **mapping: object) -> Import:
    version = services.register_contract(document(**mapping))
    text = "\n".join(["SKU,Name,Unit,Shelf,Qty,Cost", *rows]) + "\n"
    return send(version, text.encode(), "stock.csv")


def stock(sku: str, path: str) -> Decimal:
    return balance_at(variant_by_sku(sku).id, location_by_path(path).id).on_hand


def reasons() -> list[str]:
    return [row.reason for row in QuarantinedRow.objects.order_by("row_number")]


def test_each_row_brings_its_article_its_place_and_its_stock() -> None:
    batch = take(
        "0012,Bolt,Stk,Shelf 3,40,1.25",
        "0012,Bolt,Stk,Shelf 4,2,1.25",
        "0013,Rope,m,,12.5,",
        "0014,Paint,kg,Shelf 3,n/a,7",
    )
    assert counts(batch) == (4, 0, 0, 0)
    assert stock("0012", "HQ-WH/SHELF-3") == 40
    assert stock("0012", "HQ-WH/SHELF-4") == 2
    assert stock("0013", "HQ-WH") == Decimal("12.5")
    assert variant_by_sku("0013").base_uom == "m"
    assert variant_by_sku("0014").name == "Paint"
    assert Location.objects.get(path="HQ-WH/SHELF-3").name == "Shelf 3"
    bolt = Movement.objects.filter(variant__sku="0012").order_by("id").first()
    assert (bolt.unit_cost, bolt.currency, bolt.reason_code) == (
        Decimal("1.25"),
        "EUR",
        "opening_balance",
    )
    assert Movement.objects.filter(variant__sku="0014").count() == 0
    answer = services.answer_of(batch)
    assert answer["openings"] == {"lines": 3, "quantity": "54.500000"}
    assert answer["flags"]["without_stock"] == 1


def test_the_same_list_again_books_nothing_and_a_changed_line_is_held() -> None:
    take("A,Bolt,Stk,R1,40,1", "B,Nut,Stk,R1,7,1")
    assert counts(take("A,Bolt,Stk,R1,40,1", "B,Nut,Stk,R1,7,1")) == (0, 2, 0, 0)
    changed = take("A,Bolt,Stk,R1,39,1", "B,Nut,Stk,R1,7,1")
    assert counts(changed) == (0, 1, 1, 0)
    assert stock("A", "HQ-WH/R1") == 40
    row = QuarantinedRow.objects.get(batch=changed)
    with pytest.raises(StillWrong, match="book that"):
        services.fix_and_replay(row, accept_change=True)
    assert stock("A", "HQ-WH/R1") == 40


def test_rows_that_cannot_be_booked_are_held_one_by_one_and_the_others_are_in() -> None:
    catalog.create_product(code="PILL", name="Pill", tracking="lot")
    catalog.create_product(code="BOLT", name="Bolt")
    batch = take(
        "GOOD,Washer,Stk,R1,5,1",
        "NEG,Hinge,Stk,R1,-3,1",
        "PILL,Pill,Stk,R1,10,1",
        "ODD,Drum,Krt,R1,4,1",
        "BOLT,Bolt,box,R1,2,1",
        "LAST,Cap,Stk,R1,6,1",
    )
    assert counts(batch) == (2, 0, 4, 0)
    assert stock("GOOD", "HQ-WH/R1") == 5
    assert stock("LAST", "HQ-WH/R1") == 6
    below, tracked, unit, factor = reasons()
    assert "-3 is below zero" in below
    assert "PILL is tracked by lot: receive it with its lot" in tracked
    assert "no active unit 'Krt'" in unit
    assert "has no factor for box" in factor


def test_a_held_row_goes_in_once_it_is_fixed() -> None:
    take("NEG,Hinge,Stk,R1,-3,1")
    services.fix_and_replay(QuarantinedRow.objects.get(), cells={"quantity": "3"})
    assert stock("NEG", "HQ-WH/R1") == 3


def test_quantities_of_packs_are_booked_in_the_articles_own_unit() -> None:
    box = catalog.create_product(code="BX", name="Box").variants.get()
    catalog.set_unit(variant_id=box.pk, uom="case", factor=12)
    assert counts(take("BX,Box,case,R1,3,6")) == (1, 0, 0, 0)
    assert stock("BX", "HQ-WH/R1") == 36
    assert Movement.objects.get().unit_cost == Decimal("0.5")


def a_warehouse() -> Location:
    site = organisation.ensure_site(code="HQ", name="Head office", currency="EUR", time_zone="UTC")
    return locations.create_location(
        site_id=site.pk, kind="warehouse", code="WH1", holds_stock=True
    )


def test_places_that_are_there_are_found_by_path_and_by_code() -> None:
    warehouse = a_warehouse()
    locations.generate_locations(parent_id=warehouse.pk, pattern="Z1/A1/R1/B{1..2}")
    before = Location.objects.count()
    batch = take("A,Bolt,Stk,WH1/Z1/A1/R1/B1,4,1", "B,Nut,Stk,B2,5,1", places="known")
    assert counts(batch) == (2, 0, 0, 0)
    assert stock("A", "WH1/Z1/A1/R1/B1") == 4
    assert stock("B", "WH1/Z1/A1/R1/B2") == 5
    assert Location.objects.count() == before


def test_a_place_nobody_knows_is_held_unless_the_contract_lets_it_be_made() -> None:
    a_warehouse()
    batch = take("A,Bolt,Stk,R9,4,1", places="known")
    assert counts(batch) == (0, 0, 1, 0)
    (why,) = reasons()
    assert "there is no place 'R9'" in why
    assert not Location.objects.filter(code="R9").exists()
    assert variants_by_sku(["A"])


def test_a_closed_place_and_one_of_another_site_take_nothing() -> None:
    warehouse = a_warehouse()
    closed = locations.create_location(
        site_id=warehouse.site_id, parent_id=warehouse.pk, kind="bin", code="OLD", holds_stock=True
    )
    locations.close_location(location_id=closed.pk)
    other = organisation.ensure_site(code="TWO", name="Two", currency="EUR", time_zone="UTC")
    locations.create_location(site_id=other.pk, kind="warehouse", code="FAR", holds_stock=True)
    take("A,Bolt,Stk,WH1/OLD,4,1", "B,Nut,Stk,FAR,5,1")
    closed_, elsewhere = reasons()
    assert "WH1/OLD is closed" in closed_
    assert "FAR belongs to another site" in elsewhere


def test_long_names_of_places_get_codes_of_their_own() -> None:
    take(
        "A,Bolt,Stk,Upper storeroom by the window left,1,1",
        "B,Nut,Stk,Upper storeroom by the window right,2,1",
    )
    made = Location.objects.filter(path__startswith="HQ-WH/").order_by("id")
    assert [len(place.code) <= 16 for place in made] == [True, True]
    assert len({place.code for place in made}) == 2


def test_a_version_may_change_until_a_file_was_read_by_it_in_earnest(tmp_path: Path) -> None:
    file = tmp_path / "stock.csv"
    file.write_text("SKU,Name,Unit,Shelf,Qty,Cost\nA,Bolt,Stk,R1,4,1\nB,Drum,Krt,R1,4,x\n")

    def run(*, dry_run: bool, **mapping: object) -> Import:
        version = services.register_contract(document(**mapping))
        return services.run_import(
            services.open_import(version, services.store_path(file), dry_run=dry_run)
        )

    tried = run(dry_run=True, site="ONE")
    assert services.answer_of(tried)["would_hold"] == [
        {"line": 3, "reason": "cost: x is not a number"}
    ]
    assert "dry run" in services.answer_of(tried)["next"]
    assert not Movement.objects.exists()
    run(dry_run=False, site="TWO")
    assert location_by_path("TWO-WH/R1").site_id
    with pytest.raises(ContractDiffers, match="Raise the version"):
        run(dry_run=True, site="THREE")
