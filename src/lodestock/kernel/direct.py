"""A direct line to the database, beside Django's own connections.

For what does not go through a transaction pooler or Django's pool: LISTEN, the embedded queue.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections

_LIBPQ = ("host", "port", "user", "password", "dbname", "options", "sslmode", "connect_timeout")


def direct_conninfo(*, application_name: str, using: str = "default") -> dict[str, Any]:
    """Keyword arguments for ``psycopg.connect``, with the rights Django's connection has.

    ``DATABASE_DIRECT`` in the settings (the same kind of mapping) goes before Django's own
    address where that one leads to a pooler.
    """
    direct: dict[str, Any] = getattr(settings, "DATABASE_DIRECT", None) or {}
    given = direct or connections[using].get_connection_params()
    plain = {key: given[key] for key in _LIBPQ if given.get(key)}
    return plain | {"application_name": application_name}
