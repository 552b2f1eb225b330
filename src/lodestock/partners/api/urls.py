"""Addresses of this room."""

from __future__ import annotations

from . import views

routes = [
    ("partners", views.PartnerViewSet),
    ("contacts", views.ContactViewSet),
    ("addresses", views.AddressViewSet),
    ("payment-terms", views.PaymentTermsViewSet),
    ("lead-time-receipts", views.LeadTimeReceiptViewSet),
    ("lead-time-statistics", views.LeadTimeStatisticsViewSet),
]
