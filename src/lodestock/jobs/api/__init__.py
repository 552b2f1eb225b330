"""Background work over HTTP."""
