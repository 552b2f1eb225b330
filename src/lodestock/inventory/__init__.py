"""The ledger: movements, balances, lots, reservations, stock as of any instant."""
