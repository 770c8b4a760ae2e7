"""Leaders on the line: they talk, pass on to agents, or are engaged."""

from datetime import time
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.models import Call, CallEnd, Seat, SeatState
from hotline.calls.way import WayKind
from hotline.context import Context
from hotline.conversations.queries import standing
from hotline.conversations.rules import Phase
from hotline.conversations.service import press_keys
from hotline.events import Event
from hotline.insight.leaders import held
from hotline.people.models import User
from ivr.control import AmiCallControl
from ivr.network import EndedBy, Line, talk_as_agent
from tests.telephony.call_plan.plan import LEADER, LEADER_SEAT, ended_call, hear_out
from tests.telephony.ivr_process import running
from tests.telephony.sounds import AGENT_HZ, SAME, likeness, tone_seconds
from tests.telephony.switchboard import Switchboard
from tests.waiting import until


def pass_on(line: Line) -> None:
    """A leader picks up, hears that it is not their matter, and keys *0."""
    line.ring(0.5)
    line.answer()
    line.listen(1)
    line.press("*0")
    line.listen_to_the_end(20)


def hear_to_the_end(line: Line) -> None:
    """A leader whose telephone is the page: keys are none of the telephone's."""
    line.answer()
    line.listen_to_the_end(30)


@pytest.mark.usefixtures("supervising")
@pytest.mark.parametrize("at_the_page", [False, True], ids=["by telephone", "at the page"])
def test_a_leader_passes_on_what_is_outside_the_scope(
    switchboard: Switchboard, context: Context, agent_tone: Path, at_the_page: bool
) -> None:
    agent, citizen = switchboard.seats[0], f"1380000004{at_the_page:d}"
    leader = switchboard.plug_in(LEADER_SEAT, hear_to_the_end if at_the_page else pass_on)
    phone = switchboard.plug_in(agent.extension, talk_as_agent([agent_tone], until=lambda: True))
    with running(context, switchboard), switchboard.seat_in_queue(agent):
        call = switchboard.network.dial(LEADER, citizen, hear_out(lambda: phone.answered))
        if at_the_page:
            press_at_the_page(context, switchboard)
        call.wait_ended(60)
        row = until(lambda: ended_call(context, switchboard, citizen))
    assert leader.calls[-1].ended_by is EndedBy.THEM
    assert likeness(call.heard, switchboard.prompt("please-hold")) > SAME
    assert tone_seconds(call.heard, AGENT_HZ) > 1
    assert row.end is CallEnd.TALKED
    with context.reading() as session:
        owner = session.get(User, row.agent_id)
    assert owner is not None
    assert owner.extension == agent.extension


def press_at_the_page(context: Context, switchboard: Switchboard) -> None:
    acting, call_id = until(lambda: leaders_talk(context), 30, "the leader's talk")
    for key in "*0":
        press_keys(acting, AmiCallControl(switchboard.settings), call_id, key)


def leaders_talk(context: Context) -> tuple[Context, int] | None:
    """The leader as who acts, and the call in which they and the caller hear each other."""
    with context.reading() as session:
        seat = session.scalar(select(Seat).where(Seat.extension == LEADER_SEAT))
        if seat is None or seat.call_id is None:
            return None
        together = standing(session, session.get_one(Call, seat.call_id)).phase is Phase.TALKING
        return (context.acting_as(seat.user.actor()), seat.call_id) if together else None


@pytest.mark.usefixtures("supervising")
def test_who_hangs_up_before_an_agent_answers_was_passed_on_all_the_same(
    switchboard: Switchboard, context: Context
) -> None:
    leader = switchboard.plug_in(LEADER_SEAT, pass_on)

    def give_up(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: leader.calls and leader.calls[-1].ended.is_set(), 30)
        line.listen(3)

    with running(context, switchboard):
        call = switchboard.network.dial(LEADER, "13800000043", give_up)
        call.wait_ended(60)
        row = until(lambda: ended_call(context, switchboard, "13800000043"))
    assert [entry["kind"] for entry in row.way] == [WayKind.LEADER, WayKind.HEARD]
    with context.reading() as session:
        settings, now = context.settings, context.now()
        year = now.astimezone(settings.zone).year
        [held_today] = [one for one in held(session, settings, year, now) if one.slot.begins == time(0)]
    assert held_today.went_on >= 1


@pytest.mark.usefixtures("supervising")
def test_a_leader_who_talks_is_not_rung_again(
    switchboard: Switchboard, context: Context, agent_tone: Path
) -> None:
    agent = switchboard.seats[0]
    leader = switchboard.plug_in(LEADER_SEAT, talk_as_agent([agent_tone]))
    phone = switchboard.plug_in(agent.extension, talk_as_agent([agent_tone]))
    with running(context, switchboard), switchboard.seat_in_queue(agent):
        first = switchboard.network.dial(LEADER, "13800000051", hear_out(lambda: phone.answered))
        until(lambda: seat_state(context) is SeatState.TALKING, 30, "the leader's talk")
        before = len(leader.calls)
        second = switchboard.network.dial(LEADER, "13800000052", hear_out(lambda: phone.answered))
        second.wait_ended(60)
        row = until(lambda: ended_call(context, switchboard, "13800000052"))
        first.wait_ended(60)
        until(lambda: seat_state(context) is SeatState.WRAP_UP, 30, "the end of the leader's talk")
        with context.reading() as session:
            rings = session.scalars(select(Event.kind).where(Event.subject == f"call:{row.id}")).all()
    assert len(leader.calls) == before
    assert row.end is CallEnd.TALKED
    assert rings.count("call.ringing") == 1


def seat_state(context: Context) -> SeatState | None:
    with context.reading() as session:
        return session.scalar(select(Seat.state).where(Seat.extension == LEADER_SEAT))
