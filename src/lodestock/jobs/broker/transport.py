"""kombu's pgmq transport with what it lacks here, in one subclass.

* connections come from Django's settings (sockets, roles, options), not from a URL;
* a queue is made once, not at every declaration: DDL takes locks and rights;
* queue names above 47 characters are hashed, which the SQL would refuse;
* replies to ``inspect`` find their queue, which only the asking process knows of.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import pgmq as kombu_pgmq
from pgmq import PGMQueue
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from lodestock.kernel.direct import direct_conninfo

#: Under this name the correlation id travels in a message, whatever the broker.
CHAIN_HEADER = "lodestock_chain"
SCHEME = "lodestock"
BROKER_URL = f"{SCHEME}://localhost"
LONGEST_NAME = 47
POOL_TIMEOUT_SECONDS = 5.0
_REPLY_EXCHANGE = re.compile(r"^reply\..*\.pidbox$")


class Channel(kombu_pgmq.Channel):
    """One conversation with the queue."""

    default_init_extension = False

    def canonical_queue_name(self, queue_name: str) -> str:
        name: str = super().canonical_queue_name(queue_name)
        if len(name) <= LONGEST_NAME:
            return name
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        return f"{name[: LONGEST_NAME - 17]}_{digest}"

    def _new_queue(self, queue: str, **kwargs: Any) -> None:
        known = self.connection.known_queues
        if queue in known:
            return
        if not self._has_queue(queue):
            super()._new_queue(queue, **kwargs)
        known.add(queue)

    def _delete(self, queue: str, *args: Any, **kwargs: Any) -> None:
        self.connection.known_queues.discard(queue)
        super()._delete(queue, *args, **kwargs)

    def _lookup(self, exchange: str, routing_key: str, default: str | None = None) -> list[str]:
        if exchange and _REPLY_EXCHANGE.match(exchange):
            return [f"{routing_key}.{exchange}"]
        found: list[str] = super()._lookup(exchange, routing_key, default)
        return found


class Transport(kombu_pgmq.Transport):
    """The embedded broker; ``BROKER_URL`` chooses another one."""

    Channel = Channel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.known_queues: set[str] = set()

    def _create_pgmq_client(self) -> PGMQueue:
        options: dict[str, Any] = self.client.transport_options  # type: ignore[union-attr]
        conninfo = make_conninfo(**direct_conninfo(application_name="lodestock-queue"))
        pool = ConnectionPool(
            conninfo,
            min_size=0,
            max_size=int(options.get("pool_size", 2)),
            timeout=float(options.get("pool_timeout", POOL_TIMEOUT_SECONDS)),
            max_idle=60.0,
            open=True,
        )
        client = PGMQueue(
            conn_string="postgresql://unused@localhost/unused",
            pool=pool,
            vt=int(options.get("visibility_timeout", 1800)),
            init_extension=False,
        )
        # It is ours, so closing the transport's connection closes it.
        client._own_pool = True
        return client


def register() -> None:
    """Make ``lodestock://`` known to kombu."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
