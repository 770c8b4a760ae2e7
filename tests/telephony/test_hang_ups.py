"""The citizen hangs up at every step of the story: each has its outcome, and nothing stays open."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from hotline.calls.models import CallEnd, CallState, OwedCallback, Seat, SeatState
from hotline.calls.reachability import end_wrap_up
from hotline.clock import SystemClock
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.database import Database
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from ivr.control import AmiCallControl
from ivr.network import Line, Phone
from ivr.network.calls import EndedBy
from tests.factories import City
from tests.telephony.ivr_process import call_row, recording_row, running
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13800007777"


@pytest.fixture
def context(sqlite_database: Database, switchboard: Switchboard) -> Context:
    return Context(sqlite_database, SystemClock(), switchboard.settings)


@pytest.fixture
def city(context: Context) -> City:
    return City.founded(context)


@dataclass
class Moment:
    """What can be seen while the citizen holds the line."""

    context: Context
    switchboard: Switchboard
    phone: Phone
    linkedid: str = field(default="", init=False)

    def state(self) -> CallState | None:
        call = call_row(self.context, self.linkedid) if self.linkedid else None
        return call.state if call else None

    def seat(self) -> SeatState:
        with self.context.reading() as session:
            return session.scalars(select(Seat.state)).one()


def in_the_greeting(moment: Moment) -> bool:
    return moment.state() is CallState.GREETING


def while_waiting(moment: Moment) -> bool:
    return moment.state() is CallState.WAITING


def while_it_rings(moment: Moment) -> bool:
    return moment.seat() is SeatState.RINGING and bool(moment.phone.calls)


def while_talking(moment: Moment) -> bool:
    return moment.state() is CallState.TALKING


@pytest.fixture
def agent_picks_up() -> list[bool]:
    """Whether the agent's phone is answered; false for the steps before."""
    return []


@pytest.fixture
def moment(switchboard: Switchboard, context: Context, city: City, agent_picks_up: list[bool]) -> Moment:
    """One agent, whose phone is answered only where a test says so."""
    assert city.agent.user_id
    [seat, *_] = switchboard.seats

    def agent(line: Line) -> None:
        line.ring(0.1)
        while not agent_picks_up:
            line.ring(0.1)
        line.answer()
        line.listen_to_the_end(60)

    return Moment(context, switchboard, switchboard.network.agent_phone(seat.extension, seat.password, agent))


@pytest.mark.parametrize(
    ("step", "agent_there", "picks_up", "end"),
    [
        (in_the_greeting, True, False, CallEnd.ABANDONED),
        (while_waiting, False, False, CallEnd.ABANDONED),
        (while_it_rings, True, False, CallEnd.ABANDONED),
        (while_talking, True, True, CallEnd.TALKED),
    ],
)
def test_a_caller_who_hangs_up(
    moment: Moment,
    agent_picks_up: list[bool],
    step: Callable[[Moment], bool],
    agent_there: bool,
    picks_up: bool,
    end: CallEnd,
) -> None:
    switchboard, context, before = moment.switchboard, moment.context, moment.switchboard.calls()
    control = AmiCallControl(context.settings)
    agent_picks_up.extend([True] * picks_up)

    def hold(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: step(moment), 40)

    with running(context, switchboard), switchboard.seat_in_queue(switchboard.seats[0]):
        until(lambda: can_be_rung(context), what="the agent to be ready")
        if not agent_there:
            switchboard.pbx.control(f"queue pause member PJSIP/{switchboard.seats[0].desk}")
            until(lambda: seats(context) == [SeatState.PAUSED], what="the agent to be paused")
        citizen = switchboard.network.citizen_calls(CITIZEN, hold)
        moment.linkedid = switchboard.new_call(before)
        assert citizen.wait_ended(60) is EndedBy.US
        until(lambda: moment.state() is CallState.ENDED, what="the end of the call")
        until(lambda: recording_row(context, moment.linkedid), what="the recording")
        rest = SeatState.READY if agent_there else SeatState.PAUSED
        if picks_up:
            until(lambda: end_wrap_up(context, control), what="the end of the wrap-up")
        assert seats(context) == [rest]
        for leg in moment.phone.calls:
            assert leg.wait_ended(20) is EndedBy.THEM
        until(lambda: nothing_open(switchboard), what="the end of all channels")
    call = call_row(context, moment.linkedid)
    assert call is not None
    assert call.end is end
    assert [leg.role for leg in call.legs if leg.answered_at] == ["caller", "agent"][: 1 + picks_up]
    assert all(leg.ended_at for leg in call.legs)
    assert call.ringing_extension is None
    of_this_call = select(Ticket.state).join(Contact).where(Contact.source_ref == moment.linkedid)
    with context.reading() as session:
        assert session.scalars(of_this_call).all() == [State.DRAFT]
        owed = list(session.scalars(select(OwedCallback.number).where(OwedCallback.call_id == call.id)))
    assert owed == ([] if end is CallEnd.TALKED else [CITIZEN])


def can_be_rung(context: Context) -> bool:
    """Not before its telephone is known: a seat without one is paused, and made ready again later."""
    with context.reading() as session:
        return session.scalars(select(Seat.registered & (Seat.state == SeatState.READY))).all() == [True]


def seats(context: Context) -> list[SeatState]:
    with context.reading() as session:
        return list(session.scalars(select(Seat.state)))


def nothing_open(switchboard: Switchboard) -> bool:
    return switchboard.pbx.control("core show channels count").startswith("0 active channels")
