"""Addresses of this room."""

from __future__ import annotations

from . import views

routes = [
    ("categories", views.CategoryViewSet),
    ("products", views.ProductViewSet),
    ("variants", views.VariantViewSet),
    ("variant-units", views.VariantUnitViewSet),
]
