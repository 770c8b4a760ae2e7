"""Lines that break in a talk, what follows a talk, and what an agent's day adds up to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from hotline.calls.broken import (
    LINE_BROKEN,
    NO_SOUND,
    agent_lost,
    call_broken,
    call_parting,
    line_is_back,
    waits_again,
)
from hotline.calls.legs import settle_legs
from hotline.calls.models import Call, CallEnd, CallLeg, CallState, OwedCallback, Seat, SeatState
from hotline.calls.outcome import (
    DispositionMissing,
    NothingToDispose,
    UnknownDisposition,
    call_rated,
    dispose,
    dispositions,
)
from hotline.calls.queries import agent_day, board
from hotline.calls.reachability import WRAPPING_UP, end_wrap_up, keep_for_wrap_up
from hotline.calls.seats import pause, seat_changed, seat_registered, sign_on, withdraw
from hotline.calls.service import call_answered, call_ended, call_queued, leg_ended, leg_started, open_call
from hotline.calls.timeline import LegRole, Span, SpanKind, TimedLeg
from hotline.context import Context
from hotline.people.actors import NotPermitted, Role
from hotline.people.models import User
from hotline.queueing.models import Skill
from hotline.tickets.models import Ticket
from tests.factories import City, FakeTelephone, FixedClock, user

ONE = "1795294529.0"


@pytest.fixture
def talk(context: Context, city: City) -> int:
    """The agent of seat 1001 talks with a caller. Returns the call's id."""
    return begin_talk(context, ONE, city)


def begin_talk(context: Context, linkedid: str, city: City) -> int:
    assert city.agent.user_id
    call_id = open_call(context, linkedid, "13800138000", "12345").call_id
    leg_started(context, linkedid, linkedid, "PJSIP/trunk-1")
    call_queued(context, linkedid)
    call_answered(context, linkedid, "1001", f"agent-{linkedid}", "PJSIP/desk-1001-1")
    return call_id


def the_call(context: Context, linkedid: str = ONE) -> Call:
    with context.reading() as session:
        return session.scalars(select(Call).where(Call.linkedid == linkedid)).one()


def the_seat(context: Context) -> tuple[SeatState, str, bool]:
    """State, reason, and whether the call (and its draft) is still there."""
    with context.reading() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == "1001")).one()
        return seat.state, seat.reason, seat.call_id is not None


Facts = list[Callable[[], object]]


@pytest.mark.parametrize("leg_first", [True, False])
def test_the_draft_stays_with_an_agent_whose_line_broke(context: Context, talk: int, leg_first: bool) -> None:
    assert talk
    facts: Facts = [
        lambda: leg_ended(context, f"agent-{ONE}"),
        lambda: call_broken(context, ONE, "1001"),
    ]
    for tell in facts if leg_first else reversed(facts):
        tell()
    assert the_call(context).state is CallState.BROKEN
    assert the_seat(context) == (SeatState.BROKEN, "", True)
    call_broken(context, ONE, "1001")
    assert the_seat(context) == (SeatState.BROKEN, "", True)
    call_answered(context, ONE, "1001", "agent-again", "PJSIP/desk-1001-2")
    assert the_call(context).state is CallState.TALKING
    assert the_seat(context) == (SeatState.TALKING, "", True)
    with context.reading() as session:
        shown = board(session)
        assert ([call.linkedid for call in shown.talking], list(shown.waiting)) == ([ONE], [])


def test_an_agent_who_does_not_return_gets_no_calls_until_the_telephone_does(
    context: Context, talk: int
) -> None:
    telephone = FakeTelephone()
    call_broken(context, ONE, "1001")
    agent_lost(context, ONE, "1001")
    assert talk
    assert the_call(context).state is CallState.WAITING
    assert the_seat(context) == (SeatState.PAUSED, LINE_BROKEN, False)
    line_is_back(context, telephone, "1001")
    assert the_seat(context)[0] is SeatState.READY
    assert telephone.asked[0] == ("make_ready", "1001", "at once")
    line_is_back(context, telephone, "1001")
    assert len(telephone.asked) == 1


def test_a_telephone_without_sound_gets_no_calls_until_its_agent_says_so(
    context: Context, city: City, talk: int
) -> None:
    """It registers again and is as silent: the next citizen would hear nothing, either."""
    telephone = FakeTelephone()
    call_broken(context, ONE, "1001")
    agent_lost(context, ONE, "1001", reason=NO_SOUND)
    assert talk
    line_is_back(context, telephone, "1001")
    assert the_seat(context) == (SeatState.PAUSED, NO_SOUND, False)
    assert telephone.asked == []
    sign_on(context.acting_as(city.agent), telephone, "1001")
    assert the_seat(context)[0] is SeatState.READY


@pytest.mark.parametrize("reason", ["meeting", ""])
def test_what_was_ordered_for_after_the_call_outlives_a_break(
    context: Context, city: City, talk: int, reason: str
) -> None:
    supervisor = context.acting_as(user(context, city.hotline_id, Role.SUPERVISOR))
    withdraw(supervisor, FakeTelephone(), "1001", reason)
    call_broken(context, ONE, "1001")
    agent_lost(context, ONE, "1001")
    assert talk
    assert the_seat(context) == (SeatState.PAUSED if reason else SeatState.OFFLINE, reason, False)
    telephone = FakeTelephone()
    line_is_back(context, telephone, "1001")
    assert telephone.asked == []


@pytest.mark.parametrize("reason", ["meal", ""])
def test_a_telephone_that_registers_ends_no_other_pause(context: Context, city: City, reason: str) -> None:
    assert city.agent.user_id
    seat_changed(context, "1001", SeatState.PAUSED if reason else SeatState.OFFLINE, reason)
    line_is_back(context, FakeTelephone(), "1001")
    assert the_seat(context)[1] == reason
    line_is_back(context, FakeTelephone(), "9999")


@pytest.mark.parametrize("lost", [True, False])
def test_who_hangs_up_after_a_break_was_cut_off_by_us(context: Context, talk: int, lost: bool) -> None:
    call_broken(context, ONE, "1001")
    if lost:
        agent_lost(context, ONE, "1001")
    call_ended(context, ONE)
    assert the_call(context).end is CallEnd.CUT_OFF
    assert the_seat(context)[0] is (SeatState.PAUSED if lost else SeatState.WRAP_UP)
    with context.reading() as session:
        assert session.scalars(select(OwedCallback.call_id)).all() == [talk]


def test_a_break_whose_end_nobody_told_of_ends_with_the_next_agent(
    context: Context, city: City, talk: int
) -> None:
    with context.writing() as session:
        session.get_one(User, city.screener.user_id).extension = "1002"
    call_broken(context, ONE, "1001")
    waits_again(context, ONE)
    assert the_call(context).state is CallState.WAITING
    call_answered(context, ONE, "1002", "agent-other", "PJSIP/desk-1002-1")
    assert the_seat(context) == (SeatState.PAUSED, LINE_BROKEN, False)
    assert the_call(context).agent_id == city.screener.user_id
    assert talk


def test_a_caller_who_is_sent_back_into_the_line_waits(context: Context, talk: int) -> None:
    waits_again(context, ONE)
    assert the_call(context).state is CallState.WAITING
    call_ended(context, ONE)
    waits_again(context, ONE)
    assert the_call(context).state is CallState.ENDED
    assert talk


def test_facts_about_a_call_that_is_over_change_nothing(context: Context, talk: int) -> None:
    call_ended(context, ONE)
    for tell in (call_broken, agent_lost):
        tell(context, ONE, "1001")
        tell(context, "unknown", "1001")
    call_parting(context, ONE)
    assert talk
    assert the_call(context).state is CallState.ENDED
    assert the_seat(context)[0] is SeatState.WRAP_UP


def test_last_words_are_no_talk_and_no_break(context: Context, talk: int) -> None:
    leg_ended(context, f"agent-{ONE}")
    call_parting(context, ONE)
    assert the_call(context).state is CallState.PARTING
    call_ended(context, ONE)
    assert talk
    assert the_call(context).end is CallEnd.TALKED


def test_a_rating_is_on_call_and_ticket_once(context: Context, talk: int) -> None:
    assert talk
    assert call_rated(context, ONE, 2)
    assert not call_rated(context, ONE, 5)
    assert not call_rated(context, "unknown", 5)
    assert the_call(context).rating == 2
    with context.reading() as session:
        [ticket] = session.scalars(select(Ticket))
        assert [line.changes for line in ticket.history if line.event == "call_rated"] == [{"rating": 2}]


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_what_is_no_rating_is_refused(context: Context, talk: int, rating: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        call_rated(context, ONE, rating)
    assert talk


def test_the_agent_says_how_the_call_went(context: Context, city: City, talk: int) -> None:
    agent = context.acting_as(city.agent)
    dispose(agent, talk, "registered")
    dispose(agent, talk, "registered")
    dispose(agent, talk, "answered")
    assert the_call(context).disposition == "answered"
    with context.reading() as session:
        [ticket] = session.scalars(select(Ticket))
        lines = [line for line in ticket.history if line.event == "call_disposed"]
        assert [line.changes["disposition"] for line in lines] == ["registered", "answered"]


def test_only_the_calls_own_agent_says_so_and_only_what_is_on_the_list(
    context: Context, city: City, talk: int
) -> None:
    with pytest.raises(UnknownDisposition):
        dispose(context.acting_as(city.agent), talk, "")
    with pytest.raises(NothingToDispose):
        dispose(context.acting_as(city.agent), talk + 1, "answered")
    with pytest.raises(NothingToDispose):
        dispose(context.acting_as(replace(city.agent, user_id=city.screener.user_id)), talk, "answered")
    with pytest.raises(NotPermitted):
        dispose(context.acting_as(city.handler), talk, "answered")
    assert the_call(context).disposition == ""
    assert len({entry.code for entry in dispositions()}) == len(dispositions()) > 3


@pytest.fixture
def strict(context: Context) -> Context:
    """A house in which a wrap-up ends with a disposition only."""
    return replace(context, settings=context.settings.model_copy(update={"disposition_required": True}))


def test_a_required_disposition_keeps_the_wrap_up_open(
    strict: Context, city: City, clock: FixedClock
) -> None:
    telephone = FakeTelephone()
    call_id = begin_talk(strict, ONE, city)
    keep_for_wrap_up(strict, telephone, "1001")
    assert telephone.asked == [("pause", "1001", WRAPPING_UP)]  # the queue does not end it by itself
    call_ended(strict, ONE)
    clock.advance(minutes=10)
    assert end_wrap_up(strict, telephone) == 0
    with pytest.raises(DispositionMissing):
        end_wrap_up(strict, telephone, "1001")
    dispose(strict.acting_as(city.agent), call_id, "answered")
    assert end_wrap_up(strict, telephone) == 1
    assert the_seat(strict)[0] is SeatState.READY


@pytest.mark.parametrize(
    ("of_seat", "of_line", "seconds"), [(None, None, 20), (None, 40, 40), (5, 40, 5), (0, None, 0)]
)
def test_wrap_up_by_seat_then_line_then_settings(
    context: Context, city: City, clock: FixedClock, of_seat: int | None, of_line: int | None, seconds: int
) -> None:
    telephone = FakeTelephone()
    begin_talk(context, ONE, city)
    with context.writing() as session:
        session.add(Skill(code="elderly", name_zh="老年", name_en="Elderly", wrap_up_seconds=of_line))
        session.scalars(select(Call)).one().skill = "elderly"
        session.scalars(select(Seat)).one().wrap_up_seconds = of_seat
    keep_for_wrap_up(context, telephone, "1001")
    assert bool(telephone.asked) == (seconds != 20)
    call_ended(context, ONE)
    clock.advance(seconds=seconds - 1 if seconds else 0)
    assert end_wrap_up(context, telephone) == (0 if seconds else 1)
    clock.advance(seconds=1)
    assert end_wrap_up(context, telephone) == (1 if seconds else 0)
    with context.reading() as session:
        leg = session.scalars(select(CallLeg).where(CallLeg.extension == "1001")).one()
        assert leg.wrap_seconds == seconds


def timed(begin: datetime, *lengths: tuple[SpanKind, int]) -> TimedLeg:
    """The agent's leg with spans of so many seconds one after the other."""
    spans, at = [], begin
    for kind, seconds in lengths:
        spans.append(Span(kind, at, at + timedelta(seconds=seconds)))
        at = spans[-1].end
    return TimedLeg(
        f"agent-{ONE}", "PJSIP/desk-1001-1", LegRole.AGENT, "1001", begin, begin, at, tuple(spans)
    )


def test_settled_legs_are_told_once_or_twice(context: Context, city: City, talk: int) -> None:
    leg = timed(context.now(), (SpanKind.RING, 3), (SpanKind.TALK, 60), (SpanKind.HOLD, 20))
    third = replace(leg, uniqueid="third-1", role=LegRole.THIRD, extension=None, channel="PJSIP/trunk-2")
    for _ in range(2):
        settle_legs(context, ONE, [leg, third])
    settle_legs(context, "unknown", [leg])
    with context.reading() as session:
        legs = session.scalars(select(CallLeg).where(CallLeg.call_id == talk).order_by(CallLeg.id)).all()
        assert [one.role for one in legs] == ["caller", "agent", "third"]
        assert (legs[1].ring_seconds, legs[1].talk_seconds, legs[1].hold_seconds) == (3, 60, 20)
        assert (legs[1].agent_id, legs[2].agent_id) == (city.agent.user_id, None)
        assert [Span.from_json(span) for span in legs[1].spans] == list(leg.spans)


def test_an_agents_day(context: Context, city: City, clock: FixedClock) -> None:
    """Midnight falls into the talk; what is of yesterday does not count."""
    telephone, agent, midnight = FakeTelephone(), context.acting_as(city.agent), clock.now()
    clock.advance(seconds=-30)
    seat_registered(context, "1001", registered=True)
    sign_on(agent, telephone, "1001")
    begin_talk(context, ONE, city)
    began = clock.now()
    clock.advance(seconds=90)
    call_ended(context, ONE)
    settle_legs(context, ONE, [timed(began, (SpanKind.TALK, 50), (SpanKind.HOLD, 40))])
    clock.advance(seconds=15)
    end_wrap_up(context, telephone, "1001")
    clock.advance(seconds=100)
    pause(agent, telephone, "1001", "meal")
    clock.advance(seconds=600)
    with context.reading() as session:
        assert city.agent.user_id is not None
        day = agent_day(session, city.agent.user_id, midnight, clock.now())
        assert (day.calls, day.talk, day.hold, day.wrap, day.pause) == (0, 20, 40, 15, 600)
        longer = agent_day(session, city.agent.user_id, midnight - timedelta(days=1), clock.now())
        assert (longer.calls, longer.talk) == (1, 50)
        nobody = agent_day(session, 999, midnight, clock.now())
        assert (nobody.calls, nobody.talk, nobody.pause) == (0, 0, 0)
