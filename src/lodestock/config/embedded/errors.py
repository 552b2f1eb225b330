"""What can go wrong with the embedded server."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used; the message says what was found and the cure."""
