"""Addresses of this room."""

from __future__ import annotations

from . import ledger, lots, reservations, stock, units

routes = [
    ("stock", stock.StockViewSet),
    ("movements", ledger.MovementViewSet),
    ("postings", ledger.PostingViewSet),
    ("lots", lots.LotViewSet),
    ("reservations", reservations.ReservationViewSet),
    ("handling-units", units.HandlingUnitViewSet),
    ("stock-periods", lots.StockPeriodViewSet),
]
