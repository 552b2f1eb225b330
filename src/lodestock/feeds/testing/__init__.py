"""Helpers for tests of feeds: a feed without a database, and files that went wrong on purpose."""
