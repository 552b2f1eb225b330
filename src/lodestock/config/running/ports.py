"""Finding a port to listen on."""

from __future__ import annotations

import socket

TRIES = 50


def free_port(host: str, wanted: int) -> int:
    """Return `wanted`, or the next port above it that nobody listens on.

    Raises OSError when none of the next 50 is free.
    """
    for port in range(wanted, wanted + TRIES):
        if is_free(host, port):
            return port
    raise OSError(f"No port from {wanted} to {wanted + TRIES - 1} is free on {host}.")


def is_free(host: str, port: int) -> bool:
    """Whether we could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
