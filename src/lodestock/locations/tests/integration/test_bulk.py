"""Places of an import."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lodestock.kernel.errors import InvalidInput
from lodestock.kernel.models import History
from lodestock.locations import services
from lodestock.locations.errors import BadCode, UnknownLocation, WrongPlace
from lodestock.locations.models import Location
from lodestock.locations.tests.factories import a_site, a_warehouse
from lodestock.locations.types import LocationSpec

pytestmark = pytest.mark.django_db


def bins(count: int) -> list[LocationSpec]:
    places = [LocationSpec(path=f"WH1/R{n}", kind="rack", pick_sequence=n) for n in range(count)]
    return [*places, LocationSpec(path="WH1", kind="warehouse", name="Main")]


def test_parents_come_first_whatever_the_order_and_again_changes_nothing():
    site = a_site()
    created = services.ensure_locations(site_id=site.pk, specs=bins(50))
    assert len(created.created) == 51
    assert Location.objects.get(path="WH1/R7").pick_sequence == 7
    before = History.objects.count()
    again = services.ensure_locations(site_id=site.pk, specs=bins(50))
    assert dict(again) == dict(created)
    assert again.unchanged == set(created)
    assert History.objects.count() == before


def test_only_what_is_stated_and_differs_is_written():
    site = a_site()
    services.ensure_locations(site_id=site.pk, specs=bins(5))
    spec = LocationSpec(path="WH1/R3", kind="rack", temperature_band="chilled")
    assert services.ensure_locations(site_id=site.pk, specs=[spec]).changed == {"WH1/R3"}
    kept = Location.objects.get(path="WH1/R3")
    assert (kept.temperature_band, kept.pick_sequence) == ("chilled", 3)


def test_the_statements_do_not_grow_with_the_rows():
    site = a_site()
    a_warehouse()

    def statements(prefix: str, count: int) -> int:
        rows = [LocationSpec(path=f"WH1/{prefix}{n}", kind="rack") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            services.ensure_locations(site_id=site.pk, specs=rows)
        return len(captured)

    assert statements("M", 500) == statements("F", 3)


def test_bad_rows_are_named_and_leave_the_others_alone():
    site = a_site()
    a_warehouse()
    a_warehouse("WH2", a_site("OTHER"))
    answer = services.ensure_locations(
        site_id=site.pk,
        specs=[
            LocationSpec(path="WH1/GOOD", kind="rack"),
            LocationSpec(path="WH7/R1", kind="rack"),
            LocationSpec(path="WH2/R1", kind="rack"),
            LocationSpec(path="WH1/bad code", kind="rack"),
            LocationSpec(path="WH1/R2", kind="shelf"),
            LocationSpec(path="WH1", kind="zone"),
            LocationSpec(path="V-SUPPLIER/R1", kind="rack"),
        ],
        strict=False,
    )
    assert {path: type(error) for path, error in answer.refused.items()} == {
        "WH7/R1": UnknownLocation,
        "WH2/R1": WrongPlace,
        "WH1/bad code": BadCode,
        "WH1/R2": InvalidInput,
        "WH1": WrongPlace,
        "V-SUPPLIER/R1": WrongPlace,
    }
    assert answer.created == {"WH1/GOOD"}
    with pytest.raises(UnknownLocation):
        services.ensure_locations(
            site_id=site.pk,
            specs=[LocationSpec(path="WH8", kind="warehouse"), LocationSpec("WH9/R", "rack")],
        )
    assert not Location.objects.filter(path="WH8").exists()
