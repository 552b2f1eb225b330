"""Goods tracked piece by piece leave as units: which ones, of those that lie there."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from lodestock.catalog.selectors import variant_facts
from lodestock.catalog.types import Tracking
from lodestock.inventory.selectors import units_holding
from lodestock.inventory.types import Place, ReservedLine
from lodestock.sales.errors import NotInStock

_UNITS = (Tracking.SERIAL, Tracking.UNIT)
Key = tuple[int, int, int]


class UnitPicker:
    """Hands out units for held goods, the oldest first; loose goods leave loose.

    Reservations are on the balance, so any unit of the same article, place and lot will do.
    """

    def __init__(self, pins: Iterable[ReservedLine]) -> None:
        held = list(pins)
        facts = variant_facts({pin.variant_id for pin in held}) if held else {}
        self._tracked = {key for key, fact in facts.items() if fact.tracking in _UNITS}
        self._shelf: dict[Key, deque[tuple[int, Decimal]]] = defaultdict(deque)
        if self._tracked:
            places = {pin.location_id for pin in held if pin.variant_id in self._tracked}
            for unit in units_holding(self._tracked, places):
                key = (unit.variant_id, unit.location_id, unit.lot_id)
                self._shelf[key].append((unit.hu_id, unit.quantity))

    def take(self, pin: ReservedLine, quantity: Decimal) -> list[tuple[Place, Decimal]]:
        """Places to take ``quantity`` from. Raises :class:`NotInStock` when units are missing."""
        if pin.variant_id not in self._tracked:
            return [(pin.place, quantity)]
        shelf = self._shelf[pin.variant_id, pin.location_id, pin.lot_id]
        taken: list[tuple[Place, Decimal]] = []
        while quantity > 0 and shelf:
            unit, content = shelf.popleft()
            part = min(content, quantity)
            taken.append((replace(pin.place, hu_id=unit), part))
            quantity -= part
            if content > part:
                shelf.appendleft((unit, content - part))
        if quantity > 0:
            raise NotInStock(
                f"{quantity.normalize():f} pieces are held but lie in no unit there: count the"
                " place.",
                field="quantity",
            )
        return taken
