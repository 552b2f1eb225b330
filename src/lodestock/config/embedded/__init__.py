"""The PostgreSQL we start ourselves, so that nobody has to install one (docs/adr/0001)."""
