"""Purchase orders, receipts, on-order quantity."""
