"""The gate for calls out: who, what, how many a minute; and alarms that stay until somebody looks."""

from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from hotline.calls.rules import OutgoingRefused, Purpose, Reason
from hotline.context import Context
from hotline.line_security.models import AlarmKind
from hotline.line_security.service import alarm_seen, bad_registrations, open_alarms, permit
from hotline.people.actors import NotPermitted
from tests.factories import CITIZEN, City, FixedClock


def call(context: Context, number: str = CITIZEN, purpose: Purpose = Purpose.OUTSIDE) -> str:
    with context.writing() as session:
        return permit(session, context, number, purpose)


class _SecondThoughts(Exception):
    pass


def _think_again(context: Context) -> None:
    with context.writing() as session:
        permit(session, context, CITIZEN, Purpose.OUTSIDE)
        raise _SecondThoughts


def alarms(context: Context) -> list[tuple[AlarmKind, str, int]]:
    with context.reading() as session:
        return [(alarm.kind, alarm.subject, alarm.count) for alarm in open_alarms(session)]


def test_one_person_may_have_so_many_numbers_called_in_a_minute(city: City, clock: FixedClock) -> None:
    agent = city.context.acting_as(city.agent)
    for _ in range(9):
        assert call(agent) == CITIZEN
    assert alarms(city.context) == []
    call(agent, purpose=Purpose.CALLBACK)
    assert alarms(city.context) == [(AlarmKind.TOO_MANY_CALLS, f"user:{city.agent.user_id}", 10)]
    with pytest.raises(OutgoingRefused) as refused:
        call(agent)
    assert refused.value.reason is Reason.TOO_MANY
    assert call(agent, "110", Purpose.EMERGENCY) == "110"
    assert call(agent, "84110000", Purpose.DIRECTORY) == "84110000"
    call(city.context.acting_as(city.supervisor))
    clock.advance(seconds=61)
    call(agent)


def test_what_was_not_ordered_after_all_is_not_counted(city: City) -> None:
    agent = city.context.acting_as(city.agent)
    for _ in range(10):
        with suppress(_SecondThoughts):
            _think_again(agent)
    call(agent)
    assert alarms(city.context) == []


def test_the_system_has_no_limit_but_the_same_patterns(city: City) -> None:
    for _ in range(20):
        call(city.context, purpose=Purpose.FOLLOW_UP)
    with pytest.raises(OutgoingRefused):
        call(city.context, "0044207946000", Purpose.FOLLOW_UP)


def test_a_refusal_is_logged_without_the_number(city: City) -> None:
    with capture_logs() as logs, pytest.raises(OutgoingRefused):
        call(city.context.acting_as(city.agent), "0044207946000")
    assert [entry["reason"] for entry in logs] == [Reason.INTERNATIONAL]
    assert "207946" not in str(logs)


def test_an_alarm_counts_on_until_somebody_has_looked(city: City, clock: FixedClock) -> None:
    bad_registrations(city.context, "203.0.113.7", 10)
    clock.advance(minutes=5)
    bad_registrations(city.context, "203.0.113.7", 10)
    bad_registrations(city.context, "203.0.113.8", 10)
    assert (AlarmKind.BAD_REGISTRATIONS, "203.0.113.7", 20) in alarms(city.context)
    with city.context.reading() as session:
        ids = [alarm.id for alarm in open_alarms(session)]
    with pytest.raises(NotPermitted):
        alarm_seen(city.context.acting_as(city.agent), ids[0])
    for alarm_id in (*ids, *ids):
        alarm_seen(city.context.acting_as(city.supervisor), alarm_id)
    assert alarms(city.context) == []
    bad_registrations(city.context, "203.0.113.7", 10)
    assert alarms(city.context) == [(AlarmKind.BAD_REGISTRATIONS, "203.0.113.7", 10)]
