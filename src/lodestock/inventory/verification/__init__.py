"""Proof that the ledger, and everything folded from it, tell the same story."""

from .run import CHECKS, INCREMENTAL, Difference, Report, verify

__all__ = ["CHECKS", "INCREMENTAL", "Difference", "Report", "verify"]
