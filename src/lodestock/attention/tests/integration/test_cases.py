"""Cases open once, are updated, and close."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from lodestock.attention import selectors, services
from lodestock.attention.models import ExceptionCase
from lodestock.attention.tests.factories import a_case
from lodestock.eventstore.selectors import stream
from lodestock.kernel.errors import IllegalTransition, InvalidInput

pytestmark = pytest.mark.django_db


def events(case):
    return [event.event_type for event in stream("ExceptionCase", case.pk)]


def test_a_first_sighting_opens_a_case_and_says_so():
    case = a_case()
    assert (case.status, case.severity, case.type, case.count) == ("open", "high", "feed", 1)
    opened = stream("ExceptionCase", case.pk)[0]
    assert opened.event_type == "ExceptionOpened"
    assert opened.payload["evidence"]["rows"] == 149
    assert opened.payload["case"] == case.sqid
    assert opened.payload["subject"]["type"] == "attention.exceptioncase"
    assert opened.payload["subject"]["sqid"] not in {None, "7"}


def test_the_same_sighting_again_only_counts():
    first = a_case()
    entries = first.history().count()
    for _ in range(4):
        again = a_case()
    assert again.pk == first.pk
    assert again.count == 5
    assert again.last_seen > first.last_seen
    assert again.first_seen == first.first_seen
    assert events(again) == ["ExceptionOpened"]
    assert again.history().count() == entries, "no history for what did not change"


def test_new_evidence_updates_the_case_and_says_so():
    first = a_case()
    again = a_case(evidence={"rows": 150}, title="More rows")
    assert (again.pk, again.title, again.evidence) == (first.pk, "More rows", {"rows": 150})
    assert events(again) == ["ExceptionOpened", "ExceptionUpdated"]
    assert again.history().first().changes["title"] == [
        "Date pattern of scms changed",
        "More rows",
    ]


@pytest.mark.parametrize(("second", "expected"), [("critical", "critical"), ("low", "high")])
def test_severity_rises_but_never_falls_while_the_case_is_live(second, expected):
    a_case(severity="high")
    assert a_case(severity=second).severity == expected


def test_other_rules_and_subjects_have_cases_of_their_own():
    keys = {a_case().pk, a_case(subject_id=8).pk, a_case(rule="feeds.late").pk}
    assert len(keys) == 3


def test_a_rule_closes_its_case_when_the_situation_has_gone():
    case = a_case()
    closed = services.close_case(
        rule="feeds.drift", subject_type="attention.exceptioncase", subject_id=7
    )
    assert (closed.pk, closed.status, closed.resolution) == (case.pk, "closed", "cleared")
    assert closed.closed_at is not None
    assert events(case)[-1] == "ExceptionResolved"
    assert (
        services.close_case(
            rule="feeds.drift", subject_type="attention.exceptioncase", subject_id=7
        )
        is None
    )


def test_met_again_after_closing_a_new_case_opens():
    case = a_case()
    services.resolve_case(case, resolution="false_alarm", note="Checked with the supplier.")
    again = a_case()
    assert again.pk != case.pk
    assert again.count == 1


def test_people_acknowledge_take_and_close_a_case(django_user_model):
    person = django_user_model.objects.create_user("mara", password="a long password")
    case = services.acknowledge_case(a_case())
    case = services.start_case(services.assign_case(case, owner_id=person.pk))
    case = services.resolve_case(case, resolution="fixed", note=" done ")
    assert (case.status, case.owner_id, case.resolution_note) == ("closed", person.pk, "done")
    assert events(case) == ["ExceptionOpened", *["ExceptionUpdated"] * 3, "ExceptionResolved"]


@pytest.mark.parametrize("verb", ["acknowledge_case", "start_case"])
def test_a_closed_case_takes_no_more_steps_and_nothing_is_written(verb):
    case = services.resolve_case(a_case(), resolution="fixed")
    before = events(case)
    with pytest.raises(IllegalTransition):
        getattr(services, verb)(case)
    with pytest.raises(IllegalTransition):
        services.resolve_case(case, resolution="fixed")
    with pytest.raises(IllegalTransition, match="closed"):
        services.assign_case(case, owner_id=None)
    assert events(case) == before


@pytest.mark.parametrize("wrong", [{"severity": "terrible"}, {"case_type": "weather"}])
def test_unknown_words_are_refused_with_the_known_ones(wrong):
    with pytest.raises(InvalidInput, match="low, medium, high, critical"):
        a_case(**wrong)
    assert not ExceptionCase.objects.exists()


def test_an_unknown_resolution_is_refused():
    case = a_case()
    with pytest.raises(InvalidInput, match="possible are: fixed, cleared"):
        services.resolve_case(case, resolution="whatever")


def test_the_database_itself_refuses_a_second_live_case():
    case = a_case()
    with pytest.raises(IntegrityError, match="case_live_once"), transaction.atomic():
        ExceptionCase.objects.create(
            rule=case.rule, subject_type=case.subject_type, subject_id=7, title="rival"
        )


def test_the_database_refuses_a_closed_case_without_an_end():
    case = a_case()
    with pytest.raises(IntegrityError, match="case_closed_has_end"), transaction.atomic():
        ExceptionCase.objects.filter(pk=case.pk).update(status="closed")


def test_live_cases_are_counted_by_severity():
    a_case()
    a_case(subject_id=8, severity="low")
    services.resolve_case(a_case(subject_id=9), resolution="fixed")
    assert selectors.live_by_severity() == {"high": 1, "low": 1}
    assert selectors.live_case("feeds.drift", "attention.exceptioncase", 8).severity == "low"


def test_a_subject_may_have_a_key_of_several_parts_that_stays_inside():
    case = a_case(subject_id="12:7:0")
    assert a_case(subject_id="12:7:0").pk == case.pk
    assert selectors.subject_of(case) == {"type": "attention.exceptioncase", "sqid": None}
