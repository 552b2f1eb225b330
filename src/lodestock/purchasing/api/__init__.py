"""Purchase orders, receipts and purchasing's reports over HTTP."""
