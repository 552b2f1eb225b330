"""The environment is read once, typed, and refused by name when it makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from lodestock.config.database import direct_database, django_database, parse_url
from lodestock.config.env import BadSetting, read_env
from lodestock.config.home import HomeUnusable, ensure_home, resolve_home


def test_an_empty_environment_gives_the_embedded_database_and_safe_defaults():
    found = read_env({"HOME": "/home/ada"})
    assert found.embedded
    assert found.home == Path("/home/ada/.local/share/lodestock")
    assert found.database_role == "app"
    assert not found.debug


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LODESTOCK_DB_ROLE", "root"),
        ("LODESTOCK_DEBUG", "perhaps"),
        ("LODESTOCK_DB_POOL_MAX", "-1"),
        ("LODESTOCK_LOG_LEVEL", "loud"),
    ],
)
def test_a_value_we_cannot_use_is_refused_by_name(name, value):
    with pytest.raises(BadSetting, match=name):
        read_env({"HOME": "/h", name: value})


def test_the_home_may_have_spaces_and_letters_beyond_ascii():
    assert resolve_home({"LODESTOCK_HOME": "/tmp/mi casa é"}) == Path("/tmp/mi casa é")


def test_without_a_home_variable_the_account_says_where_home_is():
    assert resolve_home({}).is_absolute()
    assert resolve_home({}).parts[-3:] == (".local", "share", "lodestock")


def test_a_home_that_cannot_be_written_names_the_setting_that_moves_it(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(HomeUnusable, match="LODESTOCK_HOME"):
        ensure_home(tmp_path / "file" / "below")


def test_another_engine_is_refused():
    with pytest.raises(BadSetting, match="PostgreSQL 15"):
        parse_url("mysql://root@localhost/db")


def test_an_address_keeps_escaped_characters_and_parameters():
    dsn = parse_url("postgresql://us%40er:p%2Fw@db.example:6432/my%20stock?sslmode=require")
    assert (dsn.user, dsn.password, dsn.port, dsn.name) == ("us@er", "p/w", "6432", "my stock")
    assert dsn.options == {"sslmode": "require"}


def test_a_socket_folder_travels_as_a_parameter():
    assert parse_url("postgresql://me@/stock?host=/run/pg").host == "/run/pg"


def test_on_a_server_the_program_acts_as_its_role_and_the_owner_does_not():
    url = "postgresql://me@db/stock"
    app = django_database(read_env({"HOME": "/h", "DATABASE_URL": url}))
    owner = django_database(
        read_env({"HOME": "/h", "DATABASE_URL": url, "LODESTOCK_DB_ROLE": "owner"})
    )
    assert app["OPTIONS"]["options"] == "-c role=lodestock_app"
    assert "role=" not in owner["OPTIONS"]["options"]
    assert app["OPTIONS"]["pool"]
    assert app["CONN_MAX_AGE"] == 0


def test_a_direct_line_acts_as_the_program_too():
    environ = {"HOME": "/h", "DATABASE_URL": "postgresql://me@pooler/stock"}
    assert direct_database(read_env(environ)) == {}
    direct = direct_database(
        read_env(environ | {"DATABASE_DIRECT_URL": "postgresql://me@db/stock"})
    )
    assert (direct["host"], direct["options"]) == ("db", "-c role=lodestock_app")


def test_the_owner_may_have_a_login_of_its_own():
    environ = {
        "HOME": "/h",
        "DATABASE_URL": "postgresql://app@pooler/stock",
        "DATABASE_OWNER_URL": "postgresql://boss@db/stock",
    }
    assert django_database(read_env(environ))["USER"] == "app"
    assert django_database(read_env(environ | {"LODESTOCK_DB_ROLE": "owner"}))["USER"] == "boss"
