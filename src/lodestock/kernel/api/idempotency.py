"""``Idempotency-Key``: a request sent twice is carried out once.

The storage lives in a room above; ``config`` introduces it by :func:`use_store`. The key row is
written in the transaction of the work it guards, so there are both or neither.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from lodestock.kernel.db import transaction
from lodestock.kernel.errors import Conflict, InvalidInput, Unprocessable

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Location", "Retry-After")
_KEY = re.compile(r"^[\x21-\x7e]{1,255}$")


class RequestInProgress(Conflict):
    """The same request is being carried out right now."""

    code = "request_in_progress"
    title = "The first request is still being carried out"


class IdempotencyKeyReused(Unprocessable):
    """The key was used before, for another body."""

    code = "idempotency_key_reused"
    title = "This idempotency key belongs to another request"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it was given."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class IdempotencyStore(Protocol):
    """Keeps answers by ``(principal, route, key)`` for at least seven days."""

    def begin(self, *, principal: str, route: str, key: str, request_hash: str) -> Answer | None:
        """Claim the key within the present transaction; ``None`` means: go on.

        Returns the stored answer when the same request was answered before. Raises
        :class:`IdempotencyKeyReused` when it had another body, :class:`RequestInProgress`
        (with ``retry_after`` seconds) when another connection holds the key right now.
        """

    def finish(self, *, principal: str, route: str, key: str, answer: Answer) -> None:
        """Keep the answer, within the same transaction."""


_store: IdempotencyStore | None = None


def use_store(store: IdempotencyStore) -> None:
    """Introduce the storage; called once, by ``config``."""
    global _store  # noqa: PLW0603 - the one place where the room below meets the one above
    _store = store


def store() -> IdempotencyStore:
    """The storage in use. Raises ``ImproperlyConfigured`` when none was introduced."""
    if _store is None:
        raise ImproperlyConfigured("No idempotency store: config must call use_store() at start.")
    return _store


def key_of(request: Request) -> str:
    """The key a request carries, or nothing. Raises :class:`InvalidInput` for an unusable one."""
    key = request.headers.get(HEADER, "").strip().strip('"')
    if HEADER in request.headers and not _KEY.match(key):
        raise InvalidInput(
            f"{HEADER}: 1 to 255 visible ASCII characters are needed, for instance a UUID.",
            field=HEADER,
        )
    return key


def hash_of(request: Request) -> str:
    """What makes two requests the same: method, address with query, and body."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        _add_form(digest, request)
    else:
        digest.update(request._request.body)
    return digest.hexdigest()


def _add_form(digest: Any, request: Request) -> None:
    """Form boundaries differ each time, so fields and file contents are what counts."""
    form: Any = request.data
    for name in sorted(form):
        for value in form.getlist(name):
            chunks = getattr(value, "chunks", None)
            digest.update(f"{name}={getattr(value, 'name', value)}\n".encode())
            for chunk in chunks() if chunks else ():
                digest.update(chunk)
            if chunks:
                value.seek(0)


def once(
    request: Request,
    principal: str,
    handler: Callable[[], Response],
    *,
    secret_fields: Sequence[str] = (),
) -> Response | HttpResponse:
    """Carry out ``handler`` unless this very request was answered before.

    ``secret_fields`` of the answer are kept as null: a secret is shown once.
    Refusals (exceptions) are not kept: they changed nothing and may succeed later.
    """
    key = key_of(request)
    if not key:
        return handler()
    place = {"principal": principal, "route": request.path, "key": key}
    with transaction():
        earlier = store().begin(**place, request_hash=hash_of(request))
        if earlier is not None:
            return _replay(earlier)
        response = handler()
        store().finish(**place, answer=_answer(response, secret_fields))
    return response


def _answer(response: Response, secret_fields: Sequence[str]) -> Answer:
    kept = {name: response[name] for name in KEPT_HEADERS if name in response}
    data = response.data
    if secret_fields and isinstance(data, Mapping):
        data = {**data, **dict.fromkeys(secret_fields)}
    body = b"" if data is None else JSONRenderer().render(data)
    return Answer(status=response.status_code, body=body, headers=kept)


def _replay(answer: Answer) -> HttpResponse:
    headers = {**answer.headers, "Idempotency-Replayed": "true"}
    return HttpResponse(
        answer.body, status=answer.status, content_type=answer.content_type, headers=headers
    )
