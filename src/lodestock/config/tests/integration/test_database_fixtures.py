"""The database harness keeps its promises."""

from __future__ import annotations

import threading

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

SESSIONS = "SELECT count(*) FROM django_content_type WHERE app_label = 'harness'"


def add_one() -> None:
    ContentType.objects.create(app_label="harness", model=f"m{threading.get_ident()}")


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_writes_is_rolled_back(db, turn):
    assert not ContentType.objects.filter(app_label="harness").exists()
    add_one()


def test_a_test_runs_as_the_program_and_not_as_the_owner(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("lodestock_app",)
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            cursor.execute("CREATE TABLE sneaky (id int)")


def test_the_owner_can_be_borrowed_inside_the_same_transaction(db, as_owner):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scratch (id int)")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("lodestock_app",)


def test_commits_of_one_connection_are_seen_by_another_thread(committing_db):
    add_one()
    seen = []

    def look():
        seen.append(ContentType.objects.filter(app_label="harness").count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    with committing_db.connect() as other:
        assert other.execute(SESSIONS).fetchone() == (1,)
        assert other.execute("SELECT current_user").fetchone() == ("lodestock_app",)
    assert seen == [1]


def test_a_committing_test_starts_from_the_template_again(committing_db):
    with committing_db.connect() as other:
        assert other.execute(SESSIONS).fetchone() == (0,)


def test_the_owner_connection_may_change_the_schema(db, owner_connection):
    owner_connection.execute("CREATE TABLE scratch (id int)")
    assert owner_connection.execute("SELECT count(*) FROM scratch").fetchone() == (0,)


def test_nothing_may_truncate(db, owner_connection):
    with pytest.raises(psycopg.errors.Error):
        owner_connection.execute("TRUNCATE kernel_history")
