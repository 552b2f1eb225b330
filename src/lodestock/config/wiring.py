"""Who implements which port: the one place where rooms are introduced to each other."""

from __future__ import annotations

from lodestock.config.appliers import CaseBell, DocumentRooms
from lodestock.eventstore.services import idempotency_store
from lodestock.feeds import ports as feeds
from lodestock.inventory.selectors import holding_stock
from lodestock.jobs.services import enqueue
from lodestock.kernel.api import idempotency
from lodestock.locations import ports as locations


def wire() -> None:
    """Introduce the adapters; safe to call again."""
    idempotency.use_store(idempotency_store)
    locations.use_stock_question(holding_stock)
    feeds.use_applier(DocumentRooms)
    feeds.use_bell(CaseBell())
    feeds.use_later(_import_later)


def _import_later(import_id: int) -> None:
    enqueue("feeds.import", {"import_id": import_id}, unique_key=f"feeds.import:{import_id}")
