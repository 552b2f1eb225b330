"""Shipments, their lines, parcels and tracking over HTTP."""
