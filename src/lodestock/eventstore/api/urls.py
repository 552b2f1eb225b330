"""Addresses of this room."""

from django.urls import path

from .views import EventViewSet, ParkedEventViewSet, SubscriptionsView

routes = [("events", EventViewSet), ("parked-events", ParkedEventViewSet)]

urlpatterns = [path("subscriptions", SubscriptionsView.as_view(), name="subscriptions")]
