"""What every list of the API can do; a new resource is tested as soon as it is routed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.api.resources import FACTORIES, LISTS, RECORDS, Resource

MOST_QUERIES = 12

every_list = pytest.mark.parametrize("resource", LISTS, ids=str)
every_record = pytest.mark.parametrize("resource", RECORDS, ids=str)


#: Documents are closed by verbs of their own, not deleted.
every_deletable = pytest.mark.parametrize(
    "resource",
    [r for r in RECORDS if r.has("destroy") and "delete" in r.viewset.http_method_names],
    ids=str,
)


@pytest.fixture
def database(stocked: None) -> None:
    """Every list has rows."""


def first_filter(resource: Resource) -> list[str]:
    declared = getattr(resource.viewset.filterset_class, "base_filters", {})
    general = {"active", "created_after", "created_before", "updated_after", "updated_before"}
    return [name for name in declared if name not in general]


@every_list
def test_a_list_has_a_factory_filters_ordering_and_search(resource: Resource):
    assert resource.name in FACTORIES, f"no room's tests/factories.py has ROWS[{resource.name!r}]"
    assert first_filter(resource), "no filter of its own"
    assert resource.viewset.ordering_fields, "no ordering"
    assert resource.viewset.search_fields, "no search"


@every_list
def test_a_list_refuses_a_filter_it_does_not_know(api, resource: Resource):
    answer = api.get(resource.path, {"no_such_filter": "1"})
    assert answer.status_code == 400
    assert answer.json()["field"] == "no_such_filter"
    assert "known are" in answer.json()["detail"]


@every_list
def test_a_list_refuses_an_order_it_does_not_know(api, resource: Resource):
    answer = api.get(resource.path, {"ordering": "no_such_column"})
    assert answer.status_code == 400
    assert answer.json()["field"] == "ordering"


@every_list
def test_a_list_answers_every_order_both_ways_and_every_search(api, resource: Resource):
    for column in resource.viewset.ordering_fields:
        for order in (column, f"-{column}"):
            first = api.get(resource.path, {"ordering": order, "page_size": 2})
            assert first.status_code == 200, (order, first.content)
            if first.json()["next"]:
                assert api.get(first.json()["next"]).status_code == 200, order
    assert api.get(resource.path, {"search": "zzz-nothing-is-called-this"}).json()["count"] == 0


@every_list
def test_a_status_can_be_filtered_by_several_values(resource: Resource):
    columns = {field.name for field in resource.model._meta.fields}
    if "status" in columns and resource.is_record:
        assert "status__in" in resource.viewset.filterset_class.base_filters


@every_list
def test_fifty_rows_cost_as_many_queries_as_five(api, resource: Resource):
    few = queries(api, resource, 5)
    many = queries(api, resource, 50)
    assert many == few, f"{few} queries for 5 rows, {many} for 50"
    assert many <= MOST_QUERIES


def queries(api, resource: Resource, rows: int) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = api.get(resource.path, {"page_size": rows})
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == rows
    return len(captured)


@every_list
def test_no_page_has_more_than_a_thousand_rows(api, resource: Resource):
    answer = api.get(resource.path, {"page_size": 1001})
    assert answer.status_code == 400
    assert answer.json()["field"] == "page_size"


@every_list
def test_a_walk_over_the_pages_meets_every_row_once(api, resource: Resource):
    first = api.get(resource.path, {"page_size": 1000}).json()
    whole = [row["sqid"] for row in first["results"]]
    met, address = [], f"{resource.path}?page_size={max(3, len(whole) // 5)}"
    while address:
        page = api.get(address).json()
        met += [row["sqid"] for row in page["results"]]
        address = page["next"]
    assert len(met) == len(set(met)) == first["count"]
    assert met[: len(whole)] == whole


@every_record
def test_a_row_is_found_by_its_public_id_and_by_no_other(api, resource: Resource):
    row = api.get(resource.path, {"page_size": 1}).json()["results"][0]
    assert api.get(f"{resource.path}/{row['sqid']}").status_code == 200
    key = resource.model._default_manager.order_by("-id").values_list("pk", flat=True)[0]
    assert api.get(f"{resource.path}/{key}").status_code == 404


@every_record
def test_a_row_tells_its_history(api, resource: Resource):
    if not resource.has("history"):
        pytest.fail(f"{resource}: a record shows its history")
    sqid = resource.newest()
    created = api.get(f"{resource.path}/{sqid}/history").json()["results"][-1]
    assert created["operation"] == "create"
    assert created["changes"]["sqid"] == {"old": None, "new": sqid}


@every_deletable
def test_a_deleted_row_is_hidden_kept_and_can_be_restored(api, resource: Resource):
    resource.make(2)
    address = f"{resource.path}/{resource.newest()}"
    count = api.get(resource.path).json()["count"]
    assert api.delete(address, headers={"X-Reason": "no longer used"}).status_code == 204
    assert api.get(resource.path).json()["count"] == count - 1
    assert api.get(resource.path, {"active": "all"}).json()["count"] == count
    assert api.get(address).json()["active"] is False
    entry = api.get(f"{address}/history").json()["results"][0]
    assert entry["changes"] == {"active": {"old": True, "new": False}}
    assert entry["reason"] == "no longer used"
    assert entry["actor"]["name"] == "owner"
    assert api.post(f"{address}/restore").status_code == 200
    assert api.get(resource.path).json()["count"] == count
