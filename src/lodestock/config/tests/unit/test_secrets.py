"""Keys are made separately, kept privately, and rotated without losing the old ones."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet, MultiFernet

from lodestock.config.env import BadSetting, read_env
from lodestock.config.production import missing_for_production, refuse_if_incomplete
from lodestock.config.secrets import SecretUnusable, load_secrets, rotate_secret


def test_each_purpose_gets_its_own_key_in_a_private_file(tmp_path):
    keys = load_secrets(tmp_path, {})
    assert len({found[0] for found in keys.values()}) == len(keys)
    for path in (tmp_path / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_secrets(tmp_path, {}) == keys


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load_secrets(tmp_path, {})["django"][0], range(40)))
    assert len(set(found)) == 1


def test_after_rotation_the_old_key_still_reads(tmp_path):
    old = load_secrets(tmp_path, {})["field"][0]
    sealed = Fernet(old).encrypt(b"tax number")
    keys = rotate_secret(tmp_path, "field")
    assert keys[0] != old
    assert MultiFernet([Fernet(key) for key in keys]).decrypt(sealed) == b"tax number"


def test_a_key_file_that_others_can_read_is_refused_with_its_cure(tmp_path):
    load_secrets(tmp_path, {})
    (tmp_path / "secrets" / "jwt").chmod(0o644)
    with pytest.raises(SecretUnusable, match="chmod 600"):
        load_secrets(tmp_path, {})


def test_the_environment_wins_and_may_carry_fallbacks(tmp_path):
    keys = load_secrets(tmp_path, {"LODESTOCK_JWT_KEY": "new,old"})
    assert keys["jwt"] == ["new", "old"]
    assert not (tmp_path / "secrets" / "jwt").exists()


def test_production_names_everything_that_is_missing_at_once(tmp_path):
    keys = load_secrets(tmp_path, {"LODESTOCK_JWT_KEY": "short"})
    env = read_env({"HOME": "/h", "LODESTOCK_DEBUG": "1"})
    missing = " ".join(missing_for_production(env, keys))
    for name in ("DATABASE_URL", "LODESTOCK_ALLOWED_HOSTS", "LODESTOCK_SITE_URL", "'jwt'"):
        assert name in missing
    with pytest.raises(BadSetting, match="LODESTOCK_DEBUG"):
        refuse_if_incomplete(env, keys)


def test_a_complete_production_starts(tmp_path):
    environ = {
        "HOME": "/h",
        "DATABASE_URL": "postgresql://me@db/stock",
        "LODESTOCK_ALLOWED_HOSTS": "stock.example",
        "LODESTOCK_SITE_URL": "https://stock.example",
    }
    refuse_if_incomplete(read_env(environ), load_secrets(tmp_path, {}))
