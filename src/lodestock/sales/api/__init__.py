"""Sales orders and returns over HTTP."""
