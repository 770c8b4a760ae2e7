"""Agents who are away, do not answer, talk or still write: the caller goes to the next, or waits."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from hotline.calls.models import Call, CallEnd, CallState, Seat, SeatState
from hotline.calls.reachability import UNREACHABLE, end_wrap_up
from hotline.calls.service import RANG_OUT
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.events import Event
from hotline.people.models import User
from ivr.control import AmiCallControl
from ivr.network import Line, NetworkCall, Phone, Script, TelephoneNetwork
from ivr.network.calls import EndedBy
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City
from tests.telephony.conftest import private_settings
from tests.telephony.ivr_process import call_row, running
from tests.telephony.sounds import shorten_greeting
from tests.telephony.switchboard import QueueMembers, Switchboard
from tests.waiting import until

WRAP_UP_SECONDS = 4
ABSENT, LATE, PRESENT = "1001", "1002", "1003"


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """Callers may wait for long here, and agents have time to write."""
    folder = tmp_path_factory.mktemp("busy")
    settings = private_settings(folder, queue_timeout_seconds=60, wrap_up_seconds=WRAP_UP_SECONDS)
    shorten_greeting(settings.state_dir)
    seats = tuple(seats_of([ABSENT, LATE, PRESENT], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@pytest.fixture
def context(switchboard: Switchboard, sqlite_database: Database) -> Context:
    """Three people have a seat."""
    found = Context(sqlite_database, SystemClock(), switchboard.settings)
    city = City.founded(found)
    with found.writing() as session:
        session.get_one(User, city.screener.user_id).extension = LATE
        session.get_one(User, city.dispatcher.user_id).extension = PRESENT
    return found


def answer(line: Line) -> None:
    """An agent who stays until the caller hangs up."""
    line.ring(0.2)
    line.answer()
    line.listen(100)


def stay_until(phones: list[Phone]) -> Script:
    """A citizen who says goodbye two seconds after one of these phones has been answered."""

    def script(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: any(phone.answered for phone in phones), 60)
        line.listen(2)

    return script


def calls_of(context: Context, number: str) -> list[Call]:
    with context.reading() as session:
        return [call for call in session.scalars(select(Call)) if call.contact.number == number]


def is_in(context: Context, number: str, *states: CallState) -> bool:
    return any(call.state in states for call in calls_of(context, number))


def seat_is(context: Context, extension: str, *states: SeatState) -> bool:
    with context.reading() as session:
        seat = session.scalar(select(Seat).where(Seat.extension == extension))
        return seat is not None and seat.state in states


def seat_shows(context: Context, extension: str) -> tuple[SeatState, str]:
    with context.reading() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == extension)).one()
        return seat.state, seat.reason


def told(context: Context, kind: str) -> list[str]:
    """The extensions of all events of a kind."""
    with context.reading() as session:
        lines = session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id))
        return [line.payload["extension"] for line in lines]


def answered_by(context: Context, number: str) -> str | None:
    with context.reading() as session:
        call = session.get_one(Call, calls_of(context, number)[0].id)
        return call.agent.extension if call.agent else None


def test_a_caller_goes_past_a_phone_that_is_gone_and_one_that_rings_out(
    switchboard: Switchboard, context: Context, queue: QueueMembers
) -> None:
    number, rung = "13800000001", list[str]()

    def answer_unless_first(line: Line) -> None:
        rung.append("")
        if len(rung) == 1:
            line.ring(100)
        answer(line)

    phones = {extension: switchboard.plug_in(extension, answer_unless_first) for extension in (LATE, PRESENT)}
    queue.sign_on(ABSENT, LATE, PRESENT)
    with running(context, switchboard):
        citizen = switchboard.network.citizen_calls(number, stay_until(list(phones.values())))
        until(lambda: is_in(context, number, CallState.TALKING), 40, "the answer")
        late = LATE if not phones[LATE].answered else PRESENT
        present = PRESENT if late == LATE else LATE
        assert seat_shows(context, late) == (SeatState.READY, RANG_OUT)
        assert phones[late].calls[-1].wait_ended(10) is EndedBy.THEM
        citizen.wait_ended(20)
        until(lambda: is_in(context, number, CallState.ENDED), what="the end")
        assert seat_shows(context, ABSENT) == (SeatState.PAUSED, UNREACHABLE)
        assert seat_shows(context, present) == (SeatState.WRAP_UP, "")
    assert answered_by(context, number) == present
    assert told(context, "call.ringing") == [late, present]
    assert told(context, "call.rang_out") == [late]
    with context.reading() as session:
        registered = {seat.extension: seat.registered for seat in session.scalars(select(Seat))}
    assert registered == {ABSENT: False, LATE: True, PRESENT: True}
    until(lambda: switchboard.pbx.control("core show channels count").startswith("0 active channels"))


def test_the_second_of_two_callers_waits_for_the_first_and_for_the_wrap_up(
    switchboard: Switchboard, context: Context, queue: QueueMembers
) -> None:
    phone, control = switchboard.plug_in(PRESENT, answer), AmiCallControl(context.settings)
    queue.sign_on(PRESENT)
    hung_up: list[NetworkCall] = []

    def stay(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: bool(hung_up), 60)

    numbers = ("13800000002", "13800000003")
    with running(context, switchboard):
        citizens = {number: switchboard.network.citizen_calls(number, stay) for number in numbers}
        until(lambda: any(is_in(context, number, CallState.TALKING) for number in numbers), 30, "the first")
        [first] = [number for number in numbers if is_in(context, number, CallState.TALKING)]
        [second] = set(numbers) - {first}
        until(lambda: is_in(context, second, CallState.WAITING), 20, "the second to wait")
        until(lambda: queued(switchboard) == 1, 20, "the second in the queue")
        assert len(phone.calls) == 1
        hang_up_in_asterisk(switchboard, context, first)
        until(lambda: seat_is(context, PRESENT, SeatState.WRAP_UP), what="the wrap-up")
        assert is_in(context, second, CallState.WAITING)
        until(lambda: is_in(context, second, CallState.TALKING), 20, "the second")
        hung_up.append(citizens[second])
        for citizen in citizens.values():
            citizen.wait_ended(20)
        until(lambda: is_in(context, second, CallState.ENDED), what="the end")
        until(lambda: end_wrap_up(context, control), WRAP_UP_SECONDS + 5, "the end of the wrap-up")
        assert seat_is(context, PRESENT, SeatState.READY)
    [one], [other] = calls_of(context, first), calls_of(context, second)
    assert one.ended_at is not None
    assert other.answered_at is not None
    assert (other.answered_at - one.ended_at).total_seconds() >= WRAP_UP_SECONDS - 1
    assert {one.end, other.end} == {CallEnd.TALKED}


def queued(switchboard: Switchboard) -> int:
    """How many callers wait in the queue, as Asterisk says."""
    return int(switchboard.pbx.control("queue show hotline").split(" has ")[1].split()[0])


def hang_up_in_asterisk(switchboard: Switchboard, context: Context, number: str) -> None:
    row = call_row(context, calls_of(context, number)[0].linkedid)
    assert row is not None
    switchboard.pbx.control(f"channel request hangup {row.legs[0].channel}")
