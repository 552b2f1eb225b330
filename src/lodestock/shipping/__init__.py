"""Shipments, parcels, tracking events, delivery confirmation."""
