"""One posting through the ORM: get or create both balances, change them, write the transaction."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F

from benchmarks.control.models import NaiveBalance, NaiveTransaction


def table_definitions() -> list[str]:
    """Return the SQL of the control's tables; only their owner may run it."""
    with connection.schema_editor(collect_sql=True) as editor:
        editor.create_model(NaiveBalance)
        editor.create_model(NaiveTransaction)
    return [*editor.collected_sql]


class NotEnough(Exception):
    """The source holds less than was asked."""


def post_naively(
    *, variant_id: int, source_id: int, destination_id: int, quantity: Decimal, reference: str
) -> int:
    """Move `quantity` from one place to the other; returns the transaction's key."""
    with transaction.atomic():
        source, _ = NaiveBalance.objects.get_or_create(variant_id=variant_id, location_id=source_id)
        if source.quantity < quantity:
            raise NotEnough(reference)
        destination, _ = NaiveBalance.objects.get_or_create(
            variant_id=variant_id, location_id=destination_id
        )
        source.quantity = F("quantity") - quantity
        source.save()
        destination.quantity = F("quantity") + quantity
        destination.save()
        return NaiveTransaction.objects.create(
            variant_id=variant_id,
            source_id=source_id,
            destination_id=destination_id,
            quantity=quantity,
            reference=reference,
        ).pk
