"""Feeds over HTTP: contracts, imports, drift, quarantine."""
