"""Plain rules of places: code grammar and patterns."""
