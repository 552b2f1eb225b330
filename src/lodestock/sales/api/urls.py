"""Addresses of this room."""

from __future__ import annotations

from . import views

routes = [
    ("sales-orders", views.SalesOrderViewSet),
    ("sales-lines", views.SalesLineViewSet),
    ("returns", views.ReturnOrderViewSet),
    ("return-lines", views.ReturnLineViewSet),
]
