"""The line in the core: places, skills, what is told of the wait, agents who let it ring."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.calls.broken import call_broken
from hotline.calls.misses import pause_absent
from hotline.calls.models import Call, CallEnd, Seat, SeatState
from hotline.calls.ports import TelephoneAway
from hotline.calls.reachability import end_wrap_up
from hotline.calls.seats import seat_changed, sign_on
from hotline.calls.service import (
    RANG_OUT,
    call_answered,
    call_ended,
    call_not_answered,
    call_queued,
    call_ringing,
    leg_ended,
    open_call,
)
from hotline.context import Context
from hotline.people.actors import NotPermitted, Role
from hotline.queueing.models import Skill
from hotline.queueing.queries import levels_of, queues_of
from hotline.queueing.rules import AGAIN_TODAY, HEAD_OF_LINE, Place
from hotline.queueing.service import SkillRefused, joined_line, place, save_skill, set_skills
from hotline.queueing.waits import estimates, said_and_waited, tell_waits
from tests.factories import City, FakeTelephone, FixedClock, user

NUMBER = "13900000001"


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


def comes(context: Context, linkedid: str, number: str | None = NUMBER, skill: str = "") -> Place:
    opened = open_call(context, linkedid, number, "12345")
    found = place(context, opened.call_id, skill)
    call_queued(context, linkedid)
    return found


def talks(context: Context, linkedid: str, clock: FixedClock, seconds: float) -> None:
    call_answered(context, linkedid, "1001", f"leg-{linkedid}", "PJSIP/agent-1001-00000001")
    clock.advance(seconds=seconds)
    call_ended(context, linkedid)


def test_a_first_call_and_one_without_a_number_have_no_head_start(context: Context) -> None:
    assert comes(context, "a") == Place("hotline")
    assert comes(context, "b", None) == Place("hotline")


def test_who_reached_nobody_today_comes_a_little_earlier(context: Context, clock: FixedClock) -> None:
    comes(context, "a")
    call_ended(context, "a")
    clock.advance(seconds=30)
    assert comes(context, "b").head_start_seconds == AGAIN_TODAY.total_seconds()
    call_ended(context, "b")
    clock.advance(hours=20)  # tomorrow; but the callback is owed since then
    assert comes(context, "c").head_start_seconds == timedelta(hours=20, seconds=30).total_seconds()


def test_who_was_cut_off_by_us_comes_first(city: City, clock: FixedClock) -> None:
    comes(city.context, "a")
    call_ended(city.context, "a", CallEnd.CUT_OFF)
    clock.advance(minutes=1)
    assert comes(city.context, "b").head_start_seconds == HEAD_OF_LINE.total_seconds()
    talks(city.context, "b", clock, 60)
    assert comes(city.context, "c").head_start_seconds == 0


def test_a_line_of_its_own(context: Context) -> None:
    with context.writing() as session:
        elderly = {"name_zh": "敬老专线", "name_en": "For the elderly"}
        session.add(Skill(code="elder", **elderly, overflow_seconds=None, head_start_seconds=90))
    assert comes(context, "a", skill="elder") == Place("skill-elder", 90, None)
    assert comes(context, "b", "13900000002", skill="nonsense") == Place("hotline")
    with context.reading() as session:
        assert session.scalars(select(Call.skill).order_by(Call.id)).all() == ["elder", ""]


def test_who_overflows_waits_with_everybody(context: Context) -> None:
    with context.writing() as session:
        session.add(Skill(code="yue", name_zh="粤语", name_en="Cantonese", overflow_seconds=60))
    comes(context, "a", skill="yue")
    joined_line(context, "a", "hotline")
    with context.reading() as session:
        assert session.scalars(select(Call.skill)).one() == ""


def test_a_supervisor_gives_skills(city: City, telephone: FakeTelephone) -> None:
    context = city.context.acting_as(city.supervisor)
    assert city.agent.user_id
    save_skill(context, telephone, "yue", ("粤语", "Cantonese"), 60)
    save_skill(context, telephone, "yue", ("粤语", "Cantonese"), 45)
    set_skills(context, telephone, city.agent.user_id, {"yue": 2})
    with context.reading() as session:
        assert queues_of(session, "1001") == {"hotline": 1, "skill-yue": 1}
        assert queues_of(session, "1002") == {"hotline": 0}
        assert session.scalars(select(Skill.overflow_seconds)).one() == 45
    for wrong in ({"min": 1}, {"yue": 0}, {"yue": 10}):
        with pytest.raises(SkillRefused):
            set_skills(context, telephone, city.agent.user_id, wrong)
    for code in ("", "Yue", "a b", "a;b", "粤", "x" * 21):
        with pytest.raises(SkillRefused):
            save_skill(context, telephone, code, ("a", "b"), 60)
    with pytest.raises(SkillRefused):
        set_skills(context, telephone, 9999, {})
    with pytest.raises(NotPermitted):
        set_skills(context.acting_as(city.agent), telephone, city.agent.user_id, {})
    with context.reading() as session:
        assert levels_of(session, city.agent.user_id) == {"yue": 2}


def test_places_and_waits_are_told_once_and_again_when_they_change(
    city: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    context = city.context
    user(context, city.hotline_id, Role.AGENT, extension="1002")
    for extension in ("1001", "1002"):
        seat_changed(context, extension, SeatState.TALKING)
    for linkedid in ("a", "b"):
        comes(context, linkedid, None)
        clock.advance(seconds=1)
    assert tell_waits(context, telephone) == 2
    assert [words[:3] for words in telephone.asked] == [
        ("announce_wait", "a", "1"),
        ("announce_wait", "b", "2"),
    ]
    assert tell_waits(context, telephone) == 0
    talks(context, "a", clock, 10)
    seat_changed(context, "1001", SeatState.TALKING)
    assert tell_waits(context, telephone) == 1
    assert telephone.asked[-1][1:3] == ("b", "1")
    clock.advance(seconds=20)
    talks(context, "b", clock, 10)
    with context.reading() as session:
        found = said_and_waited(session, clock.now() - timedelta(hours=1), timedelta(seconds=5))
    assert (found.count, round(found.waited)) == (1, 30)  # the first was answered before anything was said


def test_what_an_exchange_that_was_away_did_not_take_is_told_again(
    city: City, telephone: FakeTelephone
) -> None:
    assert tell_waits(city.context, FakeTelephone(away=True)) == 0
    comes(city.context, "a", None)
    with pytest.raises(TelephoneAway):
        tell_waits(city.context, FakeTelephone(away=True))
    assert tell_waits(city.context, telephone) == 1


def test_nothing_is_promised_while_nobody_works(city: City, telephone: FakeTelephone) -> None:
    comes(city.context, "a", None)
    assert tell_waits(city.context, telephone) == 1
    assert telephone.asked == [("announce_wait", "a", "1", "None")]
    with city.context.reading() as session:
        assert session.scalars(select(Call.estimated_at)).one() is None


def test_the_skilled_alone_count_for_their_line(city: City, clock: FixedClock) -> None:
    context = city.context
    with context.writing() as session:
        session.add(Skill(code="yue", name_zh="粤语", name_en="Cantonese"))
    assert city.agent.user_id
    user(context, city.hotline_id, Role.AGENT, extension="1002")
    telephone = FakeTelephone()
    set_skills(context.acting_as(city.supervisor), telephone, city.agent.user_id, {"yue": 1})
    for extension in ("1001", "1002"):
        seat_changed(context, extension, SeatState.TALKING)
    comes(context, "a", None)
    clock.advance(seconds=1)
    comes(context, "b", None, "yue")
    with context.reading() as session:
        found = {call.linkedid: estimate for call, estimate in estimates(session, context)}
    assert (found["a"].position, found["b"].position) == (1, 1)
    assert found["a"].seconds is not None
    assert found["b"].seconds is not None
    assert found["a"].seconds < found["b"].seconds  # two serve the one, one the other


def test_an_agent_who_lets_it_ring_is_paused_and_one_click_back(city: City, telephone: FakeTelephone) -> None:
    context = city.context
    comes(context, "a")
    seat_changed(context, "1001", SeatState.READY)
    for missed in (1, 2):
        assert pause_absent(context, telephone) == 0
        call_ringing(context, "a", "1001")
        call_not_answered(context, "a", "1001")
        call_not_answered(context, "a", "1001")  # told twice
        assert seat(context).misses == missed
    assert pause_absent(context, telephone) == 1
    assert (seat(context).state, seat(context).reason) == (SeatState.PAUSED, RANG_OUT)
    assert telephone.asked == [("pause", "1001", RANG_OUT)]
    sign_on(context.acting_as(city.agent), telephone, "1001")
    assert (seat(context).state, seat(context).misses) == (SeatState.READY, 0)


@pytest.mark.parametrize("doing", [SeatState.TALKING, SeatState.BROKEN, SeatState.WRAP_UP])
def test_a_seat_in_a_call_goes_on_with_it_whoever_rings_there(
    city: City, clock: FixedClock, doing: SeatState
) -> None:
    context = city.context
    comes(context, "a")
    call_answered(context, "a", "1001", "a.2", "PJSIP/desk-1001-1")
    if doing is SeatState.BROKEN:
        call_broken(context, "a", "1001")
    elif doing is SeatState.WRAP_UP:
        leg_ended(context, "a.2")
    comes(context, "b")
    clock.advance(seconds=1)
    before = seat(context)
    call_ringing(context, "b", "1001", by_queue=False)
    call_not_answered(context, "b", "1001")
    after = seat(context)
    assert (after.state, after.since_at, after.misses) == (doing, before.since_at, 0)
    assert after.call_id == before.call_id is not None


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("was", [(SeatState.PAUSED, "meal"), (SeatState.OFFLINE, "")])
def test_who_is_rung_while_away_is_away_afterwards(
    city: City, telephone: FakeTelephone, was: tuple[SeatState, str], answered: bool
) -> None:
    context = city.context
    seat_changed(context, "1001", *was)
    comes(context, "a")
    call_ringing(context, "a", "1001", by_queue=False)
    assert seat(context).state is SeatState.RINGING
    if answered:
        call_answered(context, "a", "1001", "a.2", "PJSIP/desk-1001-1")
        leg_ended(context, "a.2")
        end_wrap_up(context, telephone, "1001")
    else:
        call_not_answered(context, "a", "1001")
    assert (seat(context).state, seat(context).reason, seat(context).misses) == (*was, 0)


def seat(context: Context) -> Seat:
    with context.reading() as session:
        return session.scalars(select(Seat)).one()
