"""Keys for machines: shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lodestock.accounts.models import ApiKey, User
from lodestock.kernel import clock
from lodestock.kernel.db import transaction
from lodestock.kernel.errors import InvalidInput

MARK = "lsk"
PREFIX_BYTES = 5
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key and its ``secret``, which nobody can show again."""

    key: ApiKey
    secret: str


def issue_api_key(
    *,
    user: User,
    name: str,
    permissions: Iterable[str] = (),
    read_only: bool = False,
    expires_at: datetime | None = None,
) -> IssuedKey:
    """A key with which a machine acts as ``user``, with no more rights than the user has.

    ``permissions`` are patterns such as ``inventory.*`` that narrow them. Raises
    :class:`InvalidInput` for an expiry that has passed.
    """
    if expires_at is not None and expires_at <= clock.now():
        raise InvalidInput("expires_at lies in the past.", field="expires_at")
    prefix = secrets.token_hex(PREFIX_BYTES)
    secret = f"{MARK}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    with transaction():
        key = ApiKey.objects.create(
            user=user,
            name=name,
            prefix=prefix,
            key_hash=hash_of(secret),
            permissions=list(permissions),
            read_only=read_only,
            expires_at=expires_at,
        )
    return IssuedKey(key, secret)


def revoke_api_key(*, key: ApiKey) -> None:
    """Refuse the key from now on."""
    with transaction():
        key.deactivate()


def hash_of(secret: str) -> str:
    """A key has 256 random bits, so one round of sha256 is enough, and fast on every request."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_key(secret: str) -> ApiKey | None:
    """The usable key behind a secret: active, not expired, of an active user."""
    mark, _, rest = secret.partition("_")
    prefix = rest.partition("_")[0]
    if mark != MARK or not secret.isascii() or len(prefix) != 2 * PREFIX_BYTES:
        return None
    found = ApiKey.objects.active().select_related("user").filter(prefix=prefix)
    # Unordered, for first() would order: that costs each request a millisecond of composing SQL.
    key = next(iter(found.order_by()[:1]), None)
    if key is None or not secrets.compare_digest(key.key_hash, hash_of(secret)):
        return None
    expired = key.expires_at is not None and key.expires_at <= clock.now()
    return key if key.user.active and not expired else None


def note_use(key: ApiKey) -> None:
    """Remember the day of the last use; at most one write a day and key."""
    today = clock.today("UTC")
    if key.last_used_on != today:
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=today)
