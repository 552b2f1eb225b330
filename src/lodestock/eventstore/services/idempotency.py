"""A request sent twice is carried out once: the storage behind ``kernel.api.idempotency``."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from django.db import connection

from lodestock.eventstore.models import IdempotencyKey
from lodestock.kernel import clock
from lodestock.kernel.api.idempotency import Answer, IdempotencyKeyReused, RequestInProgress

KEEP = timedelta(days=8)
PURGE_BATCH = 5_000

_CLAIM = """
INSERT INTO eventstore_idempotencykey
    (principal, route, key_hash, request_hash, content_type, headers, expires_at)
VALUES (%s, %s, %s, %s, '', '{}', %s)
ON CONFLICT (principal, route, key_hash) DO UPDATE
    SET request_hash = excluded.request_hash, status = NULL, content_type = '', headers = '{}',
        body = NULL, created_at = statement_timestamp(), expires_at = excluded.expires_at
    WHERE eventstore_idempotencykey.expires_at <= statement_timestamp()
RETURNING id
"""
_FINISH = """
UPDATE eventstore_idempotencykey SET status = %s, body = %s, content_type = %s, headers = %s::jsonb
WHERE principal = %s AND route = %s AND key_hash = %s AND status IS NULL
"""


class TableStore:
    """Keeps answers in PostgreSQL for eight days, the claim in the transaction of the work."""

    def begin(self, *, principal: str, route: str, key: str, request_hash: str) -> Answer | None:
        """Claim the key, or return the answer it already has. ``None``: carry the request out.

        Raises :class:`RequestInProgress` while another connection holds the key, and
        :class:`IdempotencyKeyReused` when it came with another request. The claim is gone when
        the transaction rolls back.
        """
        if not connection.in_atomic_block:
            raise RuntimeError("begin() must run inside the transaction of the work it guards")
        hashed = _digest(key)
        _refuse_twin(principal, route, hashed)
        with connection.cursor() as cursor:
            expires = clock.now() + KEEP
            cursor.execute(_CLAIM, [principal, route, hashed, request_hash, expires])
            if cursor.fetchone():
                return None
        row = IdempotencyKey.objects.get(principal=principal, route=route, key_hash=hashed)
        return _answer(row, request_hash)

    def finish(self, *, principal: str, route: str, key: str, answer: Answer) -> None:
        """Keep the answer of a claimed key, in the transaction that claimed it."""
        stored: list[int | bytes | str] = [
            answer.status,
            answer.body,
            answer.content_type,
            json.dumps(dict(answer.headers)),
        ]
        with connection.cursor() as cursor:
            cursor.execute(_FINISH, [*stored, principal, route, _digest(key)])
            changed = cursor.rowcount
        if changed != 1:
            raise LookupError(f"The key of {principal} on {route} was not claimed: call begin().")


idempotency_store = TableStore()


def purge_idempotency(*, batch: int = PURGE_BATCH) -> int:
    """Remove expired keys in short transactions; returns how many went."""
    removed = 0
    while True:
        expired = IdempotencyKey.objects.filter(expires_at__lte=clock.now())
        ids = list(expired.values_list("id", flat=True)[:batch])
        removed += IdempotencyKey.objects.filter(id__in=ids).delete()[0]
        if len(ids) < batch:
            return removed


def _refuse_twin(principal: str, route: str, hashed: str) -> None:
    """A second request must not wait: it would hold a connection for as long as the first works."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"lodestock.idempotency {principal} {route} {hashed}"],
        )
        if not cursor.fetchone()[0]:
            raise RequestInProgress(
                "The first request with this Idempotency-Key is still being carried out:"
                " send it again in a second to get its answer.",
                field="Idempotency-Key",
                retry_after=1,
            )


def _answer(row: IdempotencyKey, request_hash: str) -> Answer | None:
    if row.request_hash != request_hash:
        raise IdempotencyKeyReused(
            "This Idempotency-Key was sent before with another request: use a new key for a new"
            " request, or send the same body again.",
            field="Idempotency-Key",
        )
    if row.status is None:
        return None
    return Answer(row.status, bytes(row.body or b""), row.content_type, dict(row.headers))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
