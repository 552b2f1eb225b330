"""Plain arithmetic of partners: terms and lead times."""
