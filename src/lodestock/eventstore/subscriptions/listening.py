"""A connection of one's own that hears how far the sequencer has come."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import psycopg

from lodestock.kernel.direct import direct_conninfo

CHANNEL = "lodestock_events"


class Listener:
    """Sleeps until a notification or a timeout; survives the server going away."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection[Any] | None = None

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def wait(self, timeout: float) -> bool:
        """Whether something was announced within ``timeout`` seconds.

        Raises ``psycopg.OperationalError`` when the server cannot be reached.
        """
        try:
            heard = list(self._connected().notifies(timeout=timeout, stop_after=1))
        except psycopg.Error:
            self.close()
            raise
        return bool(heard)

    def close(self) -> None:
        """Let the connection go; the next wait opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            # LISTEN does not work through a transaction pooler.
            given = direct_conninfo(application_name="lodestock-listen")
            self._connection = psycopg.connect(**given, autocommit=True)
            self._connection.execute(f"LISTEN {CHANNEL}")
        return self._connection
