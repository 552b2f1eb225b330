"""Lodestock: supply-chain management on one conserved, append-only ledger."""

__version__ = "0.1.0"
