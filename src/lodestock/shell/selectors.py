"""What the front page asks: where to go, how the program is, what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection
from django.urls import NoReverseMatch, reverse

from lodestock.kernel.principals import EVERYWHERE, Principal
from lodestock.locations.selectors import places_within
from lodestock.shell.demo import DEMO_JOB
from lodestock.shell.demo.company import NAME as COMPANY

COUNTED_TO = 100_000


@dataclass(frozen=True, slots=True)
class Door:
    """A link of the front page."""

    name: str
    what: str
    href: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the front page, ready to be read."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Health:
    """``word`` is ok, degraded or down; ``says`` the sentence beside it."""

    word: str
    says: str


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo company that was loaded here."""

    name: str
    seed: int


@dataclass(frozen=True, slots=True)
class Line:
    """The first movement of a posting, in words; ``more`` lines follow it."""

    occurred_at: datetime
    kind: str
    sku: str
    quantity: str
    source: str
    destination: str
    more: int


#: name, sentence, name of the route
_DOORS = (
    ("Back office", "Every record, with search, filters and history", "admin:index"),
    ("API reference", "All resources, to read and to try out", "api-docs"),
    ("API description", "OpenAPI 3.1, for generators and machines", "api-schema"),
    ("Health", "Is it ready, and what is it waiting for", "readyz"),
)

_FIGURES = (
    ("Articles", "catalog.Variant"),
    ("Partners", "partners.Partner"),
    ("Places", "locations.Location"),
    ("Purchase orders", "purchasing.PurchaseOrder"),
    ("Receipts", "purchasing.Receipt"),
    ("Sales orders", "sales.SalesOrder"),
    ("Shipments", "shipping.Shipment"),
    ("Movements", "inventory.Movement"),
    ("Events", "eventstore.Event"),
)


def doors(*, signed_in: bool) -> list[Door]:
    """Which addresses this installation serves?"""
    found = list(_known_doors())
    if not signed_in:
        found.insert(1, Door("Sign in", "With the account printed at the start", "/admin/login/"))
    return found


def _known_doors() -> Iterator[Door]:
    for name, what, route in _DOORS:
        try:
            yield Door(name, what, reverse(route))
        except NoReverseMatch:
            continue


def health() -> Health:
    """Does the database answer?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Health("down", "The database does not answer")
    return Health("ok", "All systems answer")


def figures() -> list[Figure]:
    """How much is there of each thing? Counted to 100,000, then no further."""
    return [Figure(name, _counted(label)) for name, label in _FIGURES if _exists(label)]


# The first line of each of the newest postings: a lorry of forty articles is one of them.
_LATEST = """
SELECT p.occurred_at, p.kind, v.sku, m.quantity, s.path, s.virtual_kind, d.path, d.virtual_kind,
       p.line_count - 1
FROM (SELECT * FROM inventory_posting ORDER BY id DESC LIMIT %s) p
JOIN inventory_movement m ON m.id = p.first_movement_id AND m.recorded_at = p.recorded_at
JOIN catalog_variant v ON v.id = m.variant_id
JOIN locations_location s ON s.id = m.source_id
JOIN locations_location d ON d.id = m.destination_id
ORDER BY p.id DESC
"""


def may_see_all_movements(principal: Principal | None) -> bool:
    """May they look at what was booked in every department and warehouse?"""
    if principal is None or not principal.may("inventory.view_movement"):
        return False
    return places_within(principal) is EVERYWHERE


def latest_movements(limit: int = 8) -> list[Line]:
    """What did the ledger book last?"""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [limit])
        rows = cursor.fetchall()
    return [_line(*row) for row in rows]


def _line(*row: Any) -> Line:
    when, kind, sku, quantity, source, source_kind, destination, destination_kind, more = row
    return Line(
        occurred_at=when,
        kind=kind,
        sku=sku,
        quantity=f"{quantity.normalize():,f}",
        source=source_kind or source,
        destination=destination_kind or destination,
        more=more,
    )


def demo_is_loaded() -> Demo | None:
    """Is this the demo company, and from which seed?"""
    job = latest_demo_job()
    return Demo(COMPANY, job.params["seed"]) if job and job.status == "succeeded" else None


def latest_demo_job() -> Any:
    """The job that loads, or loaded, the demo here; ``None`` where nobody began it."""
    jobs: Any = apps.get_model("jobs.Job")._default_manager
    return jobs.filter(kind=DEMO_JOB).order_by("-id").first()


def _exists(label: str) -> bool:
    app, name = label.split(".")
    return name.lower() in apps.all_models[app]


def _counted(label: str) -> str:
    queryset: Any = apps.get_model(label)._default_manager.all()
    number = len(queryset.values_list("pk")[:1]) and queryset[: COUNTED_TO + 1].count()
    return f"{number:,}" if number <= COUNTED_TO else f"{COUNTED_TO:,}+"


def version() -> str:
    """Which release runs?"""
    try:
        return installed_version("lodestock")
    except PackageNotFoundError:
        return "from a checkout"
