"""Everything the program takes from its surroundings, read once and typed.

No other module reads `os.environ`. A value that cannot be understood is refused at start with its
name, what was found, and what is accepted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lodestock.config.home import resolve_home

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})
ROLE_WORDS = ("app", "owner", "read")


class BadSetting(Exception):
    """An environment variable holds something we cannot use."""


@dataclass(frozen=True)
class Env:
    """The surroundings of this process. A pool of 0 connections means: no pool."""

    home: Path
    database_url: str
    database_owner_url: str
    database_direct_url: str
    database_role: str
    database_single_role: bool
    database_pool_max: int
    embedded_port: int
    embedded_binaries: str
    broker_url: str
    cache_url: str
    site_url: str
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    behind_https_proxy: bool
    debug: bool
    log_format: str
    log_level: str
    log_file: str
    tracing: bool
    real_data: Path | None
    chromium: str
    scale: str
    metrics_token: str = ""

    @property
    def embedded(self) -> bool:
        """Whether the database is the one we start ourselves."""
        return not self.database_url


def read_env(environ: Mapping[str, str]) -> Env:
    """Read the settings out of `environ`; raises BadSetting with the first that is unusable."""
    real_data = environ.get("LODESTOCK_REAL_DATA", "")
    return Env(
        home=resolve_home(environ),
        database_url=environ.get("DATABASE_URL", ""),
        database_owner_url=environ.get("DATABASE_OWNER_URL", ""),
        database_direct_url=environ.get("DATABASE_DIRECT_URL", ""),
        database_role=_word(environ, "LODESTOCK_DB_ROLE", ROLE_WORDS),
        database_single_role=_flag(environ, "LODESTOCK_DB_SINGLE_ROLE", default=False),
        database_pool_max=_number(environ, "LODESTOCK_DB_POOL_MAX", default=8),
        embedded_port=_number(environ, "LODESTOCK_DB_TCP_PORT", default=0),
        embedded_binaries=environ.get("LODESTOCK_PG_BIN", ""),
        broker_url=environ.get("BROKER_URL", ""),
        cache_url=environ.get("CACHE_URL", ""),
        site_url=environ.get("LODESTOCK_SITE_URL", "").rstrip("/"),
        allowed_hosts=_words(environ, "LODESTOCK_ALLOWED_HOSTS"),
        trusted_origins=_words(environ, "LODESTOCK_TRUSTED_ORIGINS"),
        behind_https_proxy=_flag(environ, "LODESTOCK_BEHIND_HTTPS_PROXY", default=False),
        debug=_flag(environ, "LODESTOCK_DEBUG", default=False),
        log_format=_word(environ, "LODESTOCK_LOG_FORMAT", ("json", "console")),
        log_level=_word(
            environ, "LODESTOCK_LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL")
        ),
        log_file=environ.get("LODESTOCK_LOG_FILE", ""),
        tracing=_flag(environ, "LODESTOCK_TRACING", default=False),
        real_data=Path(real_data).resolve() if real_data else None,
        chromium=environ.get("LODESTOCK_CHROMIUM", ""),
        scale=_word(environ, "LODESTOCK_SCALE", ("test", "long", "soak")),
        metrics_token=environ.get("LODESTOCK_METRICS_TOKEN", ""),
    )


@cache
def env() -> Env:
    """Return the settings of this process, read on the first call and never again."""
    return read_env(os.environ)


def _words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in environ.get(name, "").split(",") if word.strip())


def _word(environ: Mapping[str, str], name: str, accepted: tuple[str, ...]) -> str:
    """Return one of `accepted`; the first is the default."""
    found = environ.get(name) or accepted[0]
    if found not in accepted:
        raise BadSetting(f"{name} is {found!r}; accepted are {', '.join(accepted)}.")
    return found


def _flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    found = environ.get(name)
    if found is None:
        return default
    if found.lower() not in TRUE_WORDS | FALSE_WORDS:
        raise BadSetting(f"{name} is {found!r}; accepted are 1 and 0.")
    return found.lower() in TRUE_WORDS


def _number(environ: Mapping[str, str], name: str, *, default: int) -> int:
    found = environ.get(name, "")
    if not found:
        return default
    if not (found.isascii() and found.isdigit()):
        raise BadSetting(f"{name} is {found!r}; a whole number is accepted.")
    return int(found)
