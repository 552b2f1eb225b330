"""What our transport adds to kombu's: see broker/transport.py."""

from __future__ import annotations

import kombu
import pytest
from django.db import connection

from lodestock.jobs.broker import install, transport
from lodestock.jobs.schedules import listed

transport.register()


@pytest.fixture
def line(committing_db):
    """A connection to the embedded queue of a database of the test's own."""
    with kombu.Connection(transport.BROKER_URL, transport_options={"wait_time_seconds": 0}) as made:
        yield made


def test_a_message_waits_in_postgresql_until_it_is_acknowledged(line):
    queue = line.SimpleQueue("lodestock")
    queue.put({"job": 1})
    message = queue.get(timeout=5)
    assert message.payload == {"job": 1}
    assert queue.qsize() == 1, "invisible, not gone"
    message.ack()
    assert queue.qsize() == 0


def test_names_longer_than_47_characters_are_hashed_and_stay_apart(line):
    names = ["x" * 60, "x" * 59 + "y"]
    for name in names:
        line.SimpleQueue(name).put({"for": name[-1]})
    for name in names:
        assert line.SimpleQueue(name).get(timeout=5).payload == {"for": name[-1]}
    made = [line.default_channel.canonical_queue_name(name) for name in names]
    assert len(set(made)) == 2
    assert all(len(name) <= 47 for name in made)


def test_a_reply_finds_the_queue_of_who_asked(line):
    found = line.default_channel._lookup("reply.celery.pidbox", "4711")
    assert found == ["4711.reply.celery.pidbox"]


def test_broadcasts_work_through_the_overload_we_add(line):
    channel = line.default_channel
    exchange = kombu.Exchange("all", type="fanout")
    ears = [kombu.Queue(f"ear{number}", exchange, channel=channel) for number in range(2)]
    for ear in ears:
        ear.declare()
    kombu.Producer(channel, exchange).publish({"hello": 1}, headers={"a": "b"})
    assert [ear.get(no_ack=True).payload for ear in ears] == [{"hello": 1}] * 2


def test_a_queue_is_made_once_and_not_at_every_declaration(line):
    line.SimpleQueue("lodestock").put({})
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_class WHERE relname = 'q_lodestock'")
        before = cursor.fetchone()
    channel = line.channel()
    channel._new_queue("lodestock")
    assert "lodestock" in channel.connection.known_queues
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_class WHERE relname = 'q_lodestock'")
        assert cursor.fetchone() == before


def test_installing_twice_changes_nothing_and_another_version_replaces_the_queue(
    committing_db, as_owner
):
    with as_owner():
        assert not install.install(connection)
        with connection.cursor() as cursor:
            cursor.execute("COMMENT ON SCHEMA pgmq IS 'pgmq 0.1 of long ago'")
        assert install.install(connection)
        assert not install.install(connection)


@pytest.mark.django_db
def test_the_timetable_is_seeded_and_a_changed_entry_is_left_alone():
    from django.apps import apps as registry
    from django_celery_beat.models import PeriodicTask

    from lodestock.jobs.schedules import ensure_schedules

    names = set(PeriodicTask.objects.values_list("name", flat=True))
    assert {schedule.name for schedule in listed()} <= names
    PeriodicTask.objects.filter(name=listed()[0].name).update(enabled=False)
    PeriodicTask.objects.filter(name=listed()[1].name).delete()
    ensure_schedules(registry.get_app_config("jobs"))
    assert not PeriodicTask.objects.get(name=listed()[0].name).enabled
    assert PeriodicTask.objects.filter(name=listed()[1].name).count() == 1
