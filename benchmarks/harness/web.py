"""The site under load: uvicorn as `lodestock up` starts it, and clients that cost next to nothing.

The clients share the two cores with the server. They speak HTTP/1.1 over one kept connection and
parse no more of the answer than its status and length, so that we do not measure a client library.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.harness import world
from benchmarks.harness.stage import Stage

START_TIMEOUT_SECONDS = 60
HOST = "127.0.0.1"


class Refused(Exception):
    """The server answered with something other than success; the name tells which."""


@contextmanager
def served(stage: Stage, *, processes: int = 2) -> Iterator[int]:
    """Serve the case's database and give the port; one process for each of the two cores."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "lodestock.config.asgi:application"]
    command += ["--host", HOST, "--port", str(port), "--lifespan", "off", "--no-access-log"]
    command += ["--log-level", "warning", "--workers", str(processes)]
    log = (stage.folder / "uvicorn.log").open("wb")
    environment = stage.environment() | {"LODESTOCK_DB_POOL_MAX": "8"}
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"uvicorn ended with exit {process.returncode}")
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/api/v1/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
            continue
        return
    raise RuntimeError("uvicorn did not answer")


def api_key() -> str:
    """Make a user who may do everything and return an API key of theirs."""
    from lodestock.accounts import services as accounts

    user = world.model("accounts.User").objects.create_superuser("bench")
    return accounts.issue_api_key(user=user, name="bench").secret


class Client:
    """One kept connection."""

    def __init__(self, port: int, key: str) -> None:
        self._address = (HOST, port)
        self._headers = f"Host: {HOST}\r\nAuthorization: Api-Key {key}\r\n"
        self._headers += "Content-Type: application/json\r\nAccept: application/json\r\n"
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.create_connection(self._address, timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, path: str, body: Any, *, idempotency_key: str) -> bytes:
        """Send one request and return the body of its answer; raises Refused unless 2xx."""
        payload = json.dumps(body, separators=(",", ":")).encode()
        head = f"POST {path} HTTP/1.1\r\n{self._headers}Idempotency-Key: {idempotency_key}\r\n"
        self._socket.sendall(f"{head}Content-Length: {len(payload)}\r\n\r\n".encode() + payload)
        status, answer = self._read()
        if not 200 <= status < 300:
            raise _refused(status, answer)
        return answer

    def _read(self) -> tuple[int, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, answer = received.partition(b"\r\n\r\n")
        length = next(
            int(line[15:])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        while len(answer) < length:
            answer += self._more()
        return int(head[9:12]), answer

    def _more(self) -> bytes:
        part = self._socket.recv(65_536)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part


def _refused(status: int, answer: bytes) -> Refused:
    """An error whose class is named after the status and code, so that they are counted apart."""
    try:
        code = json.loads(answer).get("code", "")
    except ValueError:
        code = answer[:40].decode(errors="replace")
    return type(f"HTTP {status} {code}", (Refused,), {})(answer[:400].decode(errors="replace"))
