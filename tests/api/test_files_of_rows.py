"""Files can be fastened to every master and document; whoever sees the row sees its files."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient
from tests.api.houses import House, a_house, a_worker

from lodestock.accounts.types import Role
from lodestock.catalog.models import Variant
from lodestock.organisation.services import subjects
from lodestock.partners.models import Partner
from lodestock.purchasing.tests.factories import a_supplier, a_variant

pytestmark = pytest.mark.django_db

ATTACHMENTS = "/api/v1/attachments"
#: What changes a row of each model: with it one may fasten files, without it only look.
CHANGED_BY = {
    "organisation.site": "organisation.change_site",
    "organisation.department": "organisation.change_department",
    "catalog.product": "catalog.change_product",
    "catalog.variant": "catalog.change_variant",
    "partners.partner": "partners.change_partner",
    "locations.location": "locations.change_location",
    "purchasing.purchaseorder": "purchasing.add_receipt",
    "sales.salesorder": "sales.ship_salesorder",
    "shipping.shipment": "shipping.step_shipment",
}


@pytest.fixture
def houses() -> tuple[House, House]:
    return a_house("WH1"), a_house("WH2")


def rows_of(house: House) -> dict[str, Any]:
    """A row of every model that files can be fastened to, by label."""
    site = house.warehouse.site
    assert site is not None
    variant = Variant.objects.get(pk=a_variant())
    found = (
        *(site, site.departments.create(code="PACK", name="Packing"), variant, variant.product),
        Partner.objects.get(pk=a_supplier()),
        *(house.dock, house.order, house.sale, house.shipment),
    )
    return {row._meta.label_lower: row for row in found}


def fasten(client: APIClient, label: str, row: Any) -> Any:
    file = SimpleUploadedFile("note.pdf", b"%PDF-1.7", content_type="application/pdf")
    body = {"subject_type": label, "subject": row.sqid, "file": file}
    return client.post(ATTACHMENTS, body, format="multipart")


def permit(client: APIClient, *names: str) -> APIClient:
    """Exactly these permissions, beside those of the role."""
    codes = [name.partition(".")[2] for name in names]
    client.handler._force_user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return client


def subjects_seen(client: APIClient) -> set[str]:
    listed = client.get(ATTACHMENTS, {"page_size": 200}).json()["results"]
    return {row["subject_type"] for row in listed}


def test_masters_and_documents_can_have_files() -> None:
    assert set(subjects()) == set(CHANGED_BY)


def test_who_may_change_a_row_fastens_files_to_it_and_who_may_look_sees_them(
    houses: tuple[House, House],
) -> None:
    looker = permit(a_worker(role=Role.VIEW_ONLY), "organisation.add_attachment")
    for label, row in rows_of(houses[0]).items():
        refused = fasten(looker, label, row)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden"), label
        assert looker.get(ATTACHMENTS).json()["count"] == 0, label
        writer = permit(
            a_worker(role=Role.VIEW_ONLY), "organisation.add_attachment", CHANGED_BY[label]
        )
        made = fasten(writer, label, row)
        assert made.status_code == 201, (label, made.content)
        address = f"{ATTACHMENTS}/{made.json()['sqid']}"
        assert looker.get(f"{address}/content").status_code == 200, label
        assert a_worker(role=Role.FACTORY_ADMIN).delete(address).status_code == 204, label


def test_files_of_a_row_elsewhere_are_not_found(houses: tuple[House, House]) -> None:
    admin = a_worker(role=Role.FACTORY_ADMIN)
    first = permit(a_worker(houses[0].warehouse), "organisation.add_attachment")
    for label, row in rows_of(houses[1]).items():
        made = fasten(admin, label, row)
        assert made.status_code == 201, label
        place_bound = label.split(".")[0] in {"locations", "purchasing", "sales", "shipping"}
        seen = first.get(f"{ATTACHMENTS}/{made.json()['sqid']}").status_code
        assert seen == (404 if place_bound else 200), label
        if place_bound:
            assert fasten(first, label, row).status_code == 404, label


def test_who_may_not_look_at_a_model_sees_none_of_its_files(houses: tuple[House, House]) -> None:
    admin = a_worker(role=Role.FACTORY_ADMIN)
    for label, row in rows_of(houses[0]).items():
        assert fasten(admin, label, row).status_code == 201, label
    supplier = a_worker(role=Role.SUPPLIER)
    permit(supplier, "organisation.view_attachment", "catalog.view_product")
    assert subjects_seen(supplier) == {"catalog.product"}
    assert subjects_seen(a_worker(role=Role.VIEW_ONLY)) == set(CHANGED_BY)


def test_a_file_is_taken_away_by_who_may_change_its_row(houses: tuple[House, House]) -> None:
    order = houses[0].order
    made = fasten(a_worker(role=Role.FACTORY_ADMIN), "purchasing.purchaseorder", order).json()
    address = f"{ATTACHMENTS}/{made['sqid']}"
    clerk = a_worker(role=Role.VIEW_ONLY)
    permit(clerk, "organisation.delete_attachment")
    assert clerk.delete(address).status_code == 403
    permit(clerk, "organisation.delete_attachment", "purchasing.add_receipt")
    assert clerk.delete(address).status_code == 204
    permit(clerk, "organisation.delete_attachment")
    assert clerk.post(f"{address}/restore").status_code == 403
