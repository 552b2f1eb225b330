"""Suppliers, customers, carriers: roles, contacts, terms, lead times."""
