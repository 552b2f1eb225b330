"""What must be present before strangers may reach the program."""

from __future__ import annotations

from lodestock.config.env import BadSetting, Env

MIN_KEY_CHARACTERS = 43


def missing_for_production(env: Env, secrets: dict[str, list[str]]) -> list[str]:
    """Return one sentence for each thing that is missing; empty when production may start."""
    checks = [
        (env.database_url, "DATABASE_URL: the PostgreSQL server (15 or newer) to use."),
        (env.allowed_hosts, "LODESTOCK_ALLOWED_HOSTS: the names this site answers to."),
        (
            env.site_url.startswith("https://"),
            "LODESTOCK_SITE_URL: the address people use, beginning with https://",
        ),
        (not env.debug, "LODESTOCK_DEBUG is on: it shows source and settings to visitors."),
    ]
    missing = [sentence for present, sentence in checks if not present]
    missing += [
        f"The key {name!r} is shorter than {MIN_KEY_CHARACTERS} characters:"
        f" lodestock rotate_secret {name}"
        for name, keys in secrets.items()
        if len(keys[0]) < MIN_KEY_CHARACTERS
    ]
    if len({keys[0] for keys in secrets.values()}) < len(secrets):
        missing.append("Two secrets are the same key; each purpose needs its own.")
    return missing


def refuse_if_incomplete(env: Env, secrets: dict[str, list[str]]) -> None:
    """Raise BadSetting naming everything that is missing, not only the first."""
    missing = missing_for_production(env, secrets)
    if missing:
        listed = "\n  - ".join(missing)
        raise BadSetting(f"Production does not start; missing or unsafe:\n  - {listed}")
