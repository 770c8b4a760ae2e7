"""Deeds that are taken back, and those to whose row something else has happened, on both databases."""

import pytest

from hotline.callbacks.service import mark_done, owe_again
from hotline.calls.models import CallbackState
from hotline.gazetteer.queries import in_use
from hotline.gazetteer.service import add_place, change_place, retire_place, suggest_again
from hotline.line_security.service import alarm_seen, alarm_unseen, bad_registrations, open_alarms
from hotline.people.actors import NotPermitted, Role
from hotline.undone import NothingToUndo
from tests.factories import City, FakeTelephone, FixedClock, user
from tests.integration.test_core_callbacks import abandons, owed
from tests.integration.test_core_gazetteer import ROAD

ADDRESS = "203.0.113.7"


def test_a_callback_is_owed_again_at_its_place(city: City, clock: FixedClock) -> None:
    context = city.context
    abandons(context, "a")
    [before] = owed(context)
    agent = context.acting_as(city.agent)
    clock.advance(minutes=3)
    at = mark_done(agent, FakeTelephone(), before.id, "点错了")
    with pytest.raises(NotPermitted):
        owe_again(context.acting_as(city.handler), before.id, at)
    with pytest.raises(NothingToUndo):
        owe_again(context.acting_as(city.supervisor), before.id, at)
    owe_again(agent, before.id, at)
    [row] = owed(context)
    assert (row.state, row.joined_at, row.due_at) == (CallbackState.WAITING, before.joined_at, at)
    assert (row.done_at, row.done_by_id, row.done_reason) == (None, None, "")
    with pytest.raises(NothingToUndo):
        owe_again(agent, before.id, at)


def test_a_caller_who_called_again_is_owed_once(city: City) -> None:
    abandons(city.context, "a")
    agent = city.context.acting_as(city.agent)
    at = mark_done(agent, FakeTelephone(), owed(city.context)[0].id, "点错了")
    abandons(city.context, "b")
    first, second = owed(city.context)
    with pytest.raises(NothingToUndo):
        owe_again(agent, first.id, at)
    assert [one.state for one in owed(city.context)] == [CallbackState.DONE, CallbackState.WAITING]
    assert second.done_at is None


def test_an_alarm_stands_again_unless_it_came_anew(city: City) -> None:
    supervisor = city.context.acting_as(city.supervisor)
    bad_registrations(city.context, ADDRESS, 10)
    with city.context.reading() as session:
        [alarm] = open_alarms(session)
    at = alarm_seen(supervisor, alarm.id)
    alarm_unseen(supervisor, alarm.id, at)
    with city.context.reading() as session:
        assert [one.count for one in open_alarms(session)] == [10]
    at = alarm_seen(supervisor, alarm.id)
    bad_registrations(city.context, ADDRESS, 5)
    with pytest.raises(NothingToUndo):
        alarm_unseen(supervisor, alarm.id, at)
    with city.context.reading() as session:
        assert [one.count for one in open_alarms(session)] == [5]


def test_a_place_is_suggested_again_unless_it_was_changed(city: City, clock: FixedClock) -> None:
    editor = city.context.acting_as(user(city.context, city.hotline_id, Role.ADMINISTRATOR))
    place_id = add_place(editor, ROAD)
    at = retire_place(editor, place_id)
    assert at is not None
    suggest_again(editor, place_id, at)
    with city.context.reading() as session:
        assert [place.name for place in in_use(session)] == [ROAD.name]
    at = retire_place(editor, place_id)
    assert at is not None
    clock.advance(minutes=1)
    change_place(editor, place_id, ROAD)
    with pytest.raises(NothingToUndo):
        suggest_again(editor, place_id, at)
