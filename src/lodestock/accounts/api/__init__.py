"""Signing in, oneself, users, keys and scopes over HTTP."""
