"""Addresses of this room."""

from __future__ import annotations

from . import views
from .attachments import AttachmentViewSet

routes = [
    ("sites", views.SiteViewSet),
    ("departments", views.DepartmentViewSet),
    ("calendars", views.CalendarViewSet),
    ("calendar-days", views.CalendarDayViewSet),
    ("currencies", views.CurrencyViewSet),
    ("currency-rates", views.CurrencyRateViewSet),
    ("units-of-measure", views.UomViewSet),
    ("number-series", views.NumberSeriesViewSet),
    ("reason-codes", views.ReasonCodeViewSet),
    ("attachments", AttachmentViewSet),
]
