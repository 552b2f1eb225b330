"""The tree of places (D-07, D-08)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from lodestock.kernel.errors import Conflict, IllegalTransition, InvalidInput
from lodestock.locations import ports, selectors, services
from lodestock.locations.errors import (
    AmbiguousCode,
    BadCode,
    Closed,
    Duplicate,
    HoldsStock,
    LocationCycle,
    UnknownLocation,
    UnknownSite,
    WrongPlace,
)
from lodestock.locations.models import Location
from lodestock.locations.tests.factories import FIVE_KINDS, a_bin, a_place, a_site, a_warehouse
from lodestock.locations.types import VirtualKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def stock_in(monkeypatch):
    """Pretend that goods lie in some places; the real answer comes from the ledger."""
    places: set[int] = set()
    monkeypatch.setattr(ports, "_question", lambda ids: places & set(ids))
    return places


def test_five_kinds_make_a_path_that_round_trips():
    place = a_bin()
    assert place.path == "WH1/Z2/A03/R07/B2"
    found = selectors.location_by_path("WH1/Z2/A03/R07/B2")
    assert (found.id, found.kind) == (place.pk, "bin")
    above = selectors.ancestors(place.path)
    assert [(facts.kind, facts.code) for facts in above] == list(FIVE_KINDS)
    assert "/".join(facts.code for facts in above) == place.path


def test_depth_twelve_and_more_works():
    place = a_warehouse()
    for number in range(1, 20):
        place = a_place(place, "zone", f"Z{number}")
    assert place.depth == 19
    assert len(selectors.ancestors(place.path)) == 20
    top = Location.objects.get(path="WH1")
    assert len(selectors.subtree(top.pk)) == 20


def test_a_subtree_is_one_statement_and_nothing_else(django_assert_num_queries):
    warehouse = a_warehouse()
    services.generate_locations(parent_id=warehouse.pk, pattern="Z{1..3}/A{1..3}/R{1..2}/B{1..2}")
    # Neighbours whose names begin alike, on both sides of the separator in the alphabet.
    for code in ("WH1-A", "WH1.B", "WH10", "WH1_C", "WH"):
        services.create_location(site_id=warehouse.site_id, kind="dock", code=code)
    with django_assert_num_queries(1):
        ids = selectors.subtree(warehouse.pk)
    paths = set(Location.objects.filter(pk__in=ids).values_list("path", flat=True))
    expected = {p for p in _paths() if p == "WH1" or p.startswith("WH1/")}
    assert paths == expected
    assert len(ids) == 1 + 3 + 9 + 18 + 36
    with connection.cursor() as cursor:
        cursor.execute("SELECT locations_subtree(%s)", [warehouse.pk])
        assert {row[0] for row in cursor.fetchall()} == set(ids)
    assert selectors.subtree(10**9) == []


def test_the_subtree_of_a_large_tree_uses_the_path_index(as_owner):
    warehouse = a_warehouse()
    services.generate_locations(parent_id=warehouse.pk, pattern="Z{1..5}/A{1..10}/R{1..10}/B{1..4}")
    zone = Location.objects.get(path="WH1/Z3/A5")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE locations_location")
    plan = selectors.subtree_of(zone.pk).order_by().explain()
    assert "locations_location_path_key" in plan
    assert "Seq Scan on locations_location " not in plan


@pytest.mark.parametrize("depth", [0, 1, 4])
def test_the_database_itself_refuses_a_cycle(depth):
    line = [a_warehouse()]
    for number in range(4):
        line.append(a_place(line[-1], "zone", f"Z{number}"))
    with pytest.raises(IntegrityError, match="cycle in locations_location"), transaction.atomic():
        Location.objects.filter(pk=line[0].pk).update(parent=line[depth])


def test_a_move_into_itself_is_refused_in_words():
    warehouse = a_warehouse()
    outer = a_place(warehouse, "zone", "Z1")
    inner = a_place(outer, "zone", "Z2")
    with pytest.raises(LocationCycle, match="Z1 cannot lie in WH1/Z1/Z2, which lies in Z1"):
        services.move_location(location_id=outer.pk, parent_id=inner.pk)
    assert Location.objects.get(pk=outer.pk).path == "WH1/Z1"


def test_everything_below_follows_a_move_and_a_new_code():
    place = a_bin()
    other = a_warehouse("WH9")
    zone = Location.objects.get(path="WH1/Z2")
    services.move_location(location_id=zone.pk, parent_id=other.pk, code="Z7")
    place.refresh_from_db()
    assert place.path == "WH9/Z7/A03/R07/B2"
    assert _paths() >= {"WH1", "WH9", "WH9/Z7", "WH9/Z7/A03", "WH9/Z7/A03/R07"}
    assert not [path for path in _paths() if path.startswith("WH1/")]


def test_nobody_can_write_another_path_than_the_true_one():
    place = a_bin()
    Location.objects.filter(pk=place.pk).update(path="SOMEWHERE/ELSE")
    place.refresh_from_db()
    assert place.path == "WH1/Z2/A03/R07/B2"


def test_a_path_exists_once():
    warehouse = a_warehouse()
    zone = a_place(warehouse, "zone", "Z1")
    a_place(warehouse, "zone", "Z2")
    with pytest.raises(Duplicate, match="already is a 'Z1' in WH1"):
        a_place(warehouse, "zone", "Z1")
    with pytest.raises(Duplicate, match="already is a 'WH1' in the top"):
        a_warehouse("WH1", a_site("OTHER"))
    with pytest.raises(Duplicate):
        services.move_location(location_id=zone.pk, parent_id=warehouse.pk, code="Z2")


def test_the_grammar_of_the_site_is_data():
    site = a_site("STRICT")
    site.location_grammar = {"levels": [{"kind": "warehouse", "pattern": r"WH\d"}]}
    site.save()
    with pytest.raises(BadCode, match=r"does not fit what STRICT calls a warehouse: WH\\d"):
        a_warehouse("MAIN", site)
    assert a_warehouse("WH5", site).path == "WH5"
    assert a_warehouse("MAIN", a_site("LOOSE")).path == "MAIN"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "shelf"}, "kind"),
        ({"kind": "virtual"}, "kind"),
        ({"code": "A/B"}, "code"),
        ({"code": ""}, "code"),
        ({"gln": "4006381333932"}, "gln"),
        ({"type": "ATTIC"}, "type"),
        ({"x": 1.5}, "x"),
        ({"level": "two"}, "level"),
        ({"level": 10**9}, "level"),
        ({"max_weight_kg": "0"}, "max_weight_kg"),
        ({"max_volume_m3": "NaN"}, "max_volume_m3"),
        ({"temperature_band": "tropical"}, "temperature_band"),
        ({"mixed_lot": "yes"}, "mixed_lot"),
        ({"pick_sequence": -1}, "pick_sequence"),
        ({"department_id": 10**9}, "department"),
        ({"no_such_field": 1}, "no_such_field"),
    ],
)
def test_bad_values_are_refused_by_field_and_leave_nothing(fields, field):
    before = _paths()
    with pytest.raises(InvalidInput) as refused:
        services.create_location(
            **{"site_id": a_site().pk, "kind": "warehouse", "code": "WH1"} | fields
        )
    assert refused.value.field == field
    assert _paths() == before


def test_unknown_places_and_sites_are_named():
    with pytest.raises(UnknownLocation, match="no location 'NOPE'"):
        selectors.location_by_path("NOPE")
    with pytest.raises(UnknownLocation):
        services.create_location(site_id=a_site().pk, kind="zone", code="Z", parent_id=10**9)
    with pytest.raises(UnknownSite):
        services.create_location(site_id=10**9, kind="zone", code="Z")
    with pytest.raises(UnknownLocation):
        services.close_location(location_id=10**9)


def test_places_stay_at_their_site_and_of_their_sort():
    place, other = a_warehouse(), a_warehouse("WH2", a_site("OTHER"))
    with pytest.raises(WrongPlace, match="places move within one site"):
        services.move_location(location_id=place.pk, parent_id=other.pk)
    transit = selectors.virtual_location("TRANSIT")
    for change in ({"site": other.site}, {"virtual_kind": "scrap", "kind": "virtual"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Location.objects.filter(pk=place.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Location.objects.filter(pk=place.pk).update(parent=transit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Location.objects.filter(pk=transit).update(kind="bin", virtual_kind="")


def test_a_closed_place_closes_all_below_and_takes_nothing_new(stock_in):
    place = a_bin()
    zone = Location.objects.get(path="WH1/Z2")
    services.close_location(location_id=zone.pk, reason="painting")
    with pytest.raises(Closed, match="WH1/Z2/A03/R07/B2 is closed"):
        selectors.location_by_path(place.path, open_only=True)
    with pytest.raises(Closed):
        a_place(zone, "aisle", "A04")
    with pytest.raises(IllegalTransition):
        services.close_location(location_id=zone.pk)
    with pytest.raises(Closed, match="WH1/Z2/A03/R07 is closed: reopen that first"):
        services.reopen_location(location_id=place.pk)
    services.reopen_location(location_id=zone.pk)
    assert selectors.location_by_path(place.path, open_only=True).status == "open"
    assert zone.history().first().changes["status"] == ["closed", "open"]


def test_a_place_with_stock_is_neither_closed_nor_retired(stock_in):
    place = a_bin()
    stock_in.add(place.pk)
    zone = Location.objects.get(path="WH1/Z2")
    with pytest.raises(HoldsStock, match="WH1/Z2 cannot be closed: there is stock in WH1/Z2/A03"):
        services.close_location(location_id=zone.pk)
    with pytest.raises(HoldsStock, match="cannot be retired"):
        services.deactivate_location(location_id=zone.pk)
    assert Location.objects.filter(active=False).count() == 0
    stock_in.clear()
    services.deactivate_location(location_id=zone.pk)
    assert not Location.objects.get(pk=place.pk).active
    with pytest.raises(Conflict, match="WH1/Z2/A03/R07 is retired"):
        services.restore_location(location_id=place.pk)
    assert services.restore_location(location_id=zone.pk).active


def test_goods_lie_in_most_kinds_but_not_in_structure():
    warehouse = a_warehouse()
    assert warehouse.holds_stock
    assert not a_place(warehouse, "aisle", "A1").holds_stock
    assert a_place(warehouse, "aisle", "A2", holds_stock=True).holds_stock
    site = a_site()
    paths = Location.objects.in_bulk(selectors.stock_locations(site.pk))
    assert {location.path for location in paths.values()} == {"WH1", "WH1/A2"}


def test_a_scanned_code_is_found_if_only_one_place_has_it():
    place = a_bin()
    assert selectors.location_by_code("B2").id == place.pk
    assert selectors.location_by_code("WH1/Z2/A03/R07/B2").id == place.pk
    a_place(Location.objects.get(path="WH1/Z2/A03"), "rack", "B2")
    with pytest.raises(AmbiguousCode, match="2 locations have the code 'B2': WH1/Z2/A03/B2, WH1"):
        selectors.location_by_code("B2")
    with pytest.raises(UnknownLocation):
        selectors.location_by_code("B2", site_id=a_site("OTHER").pk)


def test_every_virtual_kind_has_one_place_and_a_site_may_have_its_own():
    ids = {kind: selectors.virtual_location(kind) for kind in VirtualKind}
    assert len(set(ids.values())) == len(VirtualKind) == 8
    site, other = a_site(), a_site("OTHER")
    own = services.create_virtual_location(kind="transit", site_id=site.pk)
    assert own.path == "V-TRANSIT-HQ"
    assert selectors.virtual_location("TRANSIT", site.pk) == own.pk
    assert selectors.virtual_location("transit", other.pk) == ids[VirtualKind.TRANSIT]
    assert selectors.virtual_location(VirtualKind.SUPPLIER, site.pk) == ids[VirtualKind.SUPPLIER]
    with pytest.raises(Duplicate, match="HQ already has a virtual location transit"):
        services.create_virtual_location(kind="transit", site_id=site.pk)
    with pytest.raises(ValueError, match="limbo"):
        selectors.virtual_location("limbo")


def test_virtual_places_stay_as_they_are():
    transit = selectors.virtual_location("TRANSIT")
    for verb in (services.close_location, services.deactivate_location, services.move_location):
        with pytest.raises(InvalidInput, match="V-TRANSIT is virtual"):
            verb(location_id=transit)


def test_a_pattern_makes_every_place_once():
    warehouse = a_warehouse()
    made = services.generate_locations(
        parent_id=warehouse.pk, pattern="A{01..03}/R{01..10}/B{1..4}", max_weight_kg="500"
    )
    assert len(made.created) == 3 + 30 + 120
    place = Location.objects.get(path="WH1/A02/R10/B4")
    assert (place.kind, str(place.max_weight_kg)) == ("bin", "500.000000")
    assert Location.objects.get(path="WH1/A02").max_weight_kg is None
    again = services.generate_locations(
        parent_id=warehouse.pk, pattern="A{01..04}/R{01..10}/B{1..4}"
    )
    assert (len(again.created), len(again.unchanged)) == (1 + 10 + 40, 153)
    with pytest.raises(WrongPlace):
        services.generate_locations(parent_id=place.pk, pattern="A1/R1", kinds=["aisle", "rack"])
    with pytest.raises(InvalidInput, match="2 levels need as many kinds, not 1"):
        services.generate_locations(parent_id=warehouse.pk, pattern="X/Y", kinds=["rack"])


def _paths() -> set[str]:
    return set(Location.objects.values_list("path", flat=True))
