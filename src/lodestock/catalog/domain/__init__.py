"""Plain arithmetic of the catalogue: no Django, no database."""
