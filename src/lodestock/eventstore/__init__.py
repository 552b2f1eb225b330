"""The event log: append-only facts, their reading order, who reads them, and idempotency keys."""
