"""Categories, products, variants and their units over HTTP."""
