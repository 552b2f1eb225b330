"""Partners, contacts, addresses, terms and lead times over HTTP."""
