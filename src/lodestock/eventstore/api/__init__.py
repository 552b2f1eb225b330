"""The event log over HTTP: read only."""
