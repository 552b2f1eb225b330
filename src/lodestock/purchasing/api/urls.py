"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from . import reports, views

routes = [
    ("purchase-orders", views.PurchaseOrderViewSet),
    ("purchase-lines", views.PurchaseLineViewSet),
    ("receipts", views.ReceiptViewSet),
    ("receipt-lines", views.ReceiptLineViewSet),
]

urlpatterns = [
    path("reports/purchase-summary", reports.PurchaseSummaryView.as_view()),
    path("reports/supplier-performance", reports.SupplierPerformanceView.as_view()),
]
