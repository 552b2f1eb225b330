"""Home of the site: search, literal paths, read-only composites."""
