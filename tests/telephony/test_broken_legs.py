"""An agent's line breaks in the middle of a talk: the caller hears music, and then an agent again."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.models import CallEnd, CallState, OwedCallback, Seat, SeatState
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.events import Event
from hotline.people.models import User
from ivr.leg_watch import BROKEN_CAUSE
from ivr.network import EndedBy, Line, NetworkCall, Phone, Script, TelephoneNetwork, listen
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City
from tests.telephony.ami_tap import AmiTap
from tests.telephony.conftest import private_settings
from tests.telephony.hearing import wait_until_closed
from tests.telephony.ivr_process import call_row, running
from tests.telephony.sounds import (
    AGENT_HZ,
    CITIZEN_HZ,
    SAME,
    growing,
    likeness,
    read_wave,
    shorten_greeting,
    tone_seconds,
    tone_seconds_so_far,
)
from tests.telephony.switchboard import QueueMembers, Switchboard
from tests.waiting import until

FIRST, SECOND, THIRD = "1001", "1002", "1003"
MOST_OF_IT = 1.5
RATE = 8000
MUSIC = 1e-5
"""Mean power of a second that is not silent."""
NEVER = datetime.max.replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """Lines are found broken soon here, and agents have little time to return."""
    settings = private_settings(
        tmp_path_factory.mktemp("broken"),
        queue_timeout_seconds=60,
        wrap_up_seconds=0,
        silent_leg_seconds=5,
        agent_return_seconds=8,
        satisfaction_by_key=False,
    )
    shorten_greeting(settings.state_dir)
    seats = tuple(seats_of([FIRST, SECOND, THIRD], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@pytest.fixture
def context(switchboard: Switchboard, sqlite_database: Database) -> Context:
    """Three people have a seat."""
    found = Context(sqlite_database, SystemClock(), switchboard.settings)
    city = City.founded(found)
    with found.writing() as session:
        session.get_one(User, city.screener.user_id).extension = SECOND
        session.get_one(User, city.dispatcher.user_id).extension = THIRD
    return found


def breaks_off_then(rest: Callable[[Line], None], gone: Callable[[], bool] = lambda: True) -> Script:
    """A telephone that falls silent in its first call once it is `gone`, as if its network were, and later
    does `rest`."""
    calls: list[Line] = []

    def script(line: Line) -> None:
        calls.append(line)
        if len(calls) > 1:
            rest(line)
            return
        line.answer()
        line.listen(0.5)
        line.wait_until(gone)
        line.fall_silent()
        line.listen_to_the_end(60)

    return script


def speaks(tone: Path) -> Callable[[Line], None]:
    """Somebody who picks up and speaks as long as the other side stays."""

    def script(line: Line) -> None:
        line.answer()
        for _ in range(20):
            line.say(tone)
        line.listen_to_the_end(60)

    return script


def rings_on(line: Line) -> None:
    line.ring(60)


def speaks_to(phone: Phone, tone: Path, calls: int) -> Script:
    """A citizen who talks with this telephone once it has answered so many calls, until both have heard most
    of what the other said."""

    def talked(line: Line) -> bool:
        heard = (
            tone_seconds_so_far(line.heard, AGENT_HZ),
            tone_seconds_so_far(phone.calls[-1].heard, CITIZEN_HZ),
        )
        return min(heard) > MOST_OF_IT

    def script(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: len(phone.calls) >= calls and phone.answered, 40)
        for _ in range(20):
            line.say(tone)
            if talked(line):
                break

    return script


def told(context: Context, *kinds: str) -> list[str]:
    with context.reading() as session:
        return list(session.scalars(select(Event.kind).where(Event.kind.in_(kinds)).order_by(Event.id)))


def seat_is(context: Context, extension: str, state: SeatState) -> bool:
    with context.reading() as session:
        seat = session.scalar(select(Seat).where(Seat.extension == extension))
        return seat is not None and seat.state is state


def state(context: Context, linkedid: str) -> CallState | None:
    row = call_row(context, linkedid)
    return row.state if row else None


def answered_at(context: Context, linkedid: str, extension: str) -> datetime | None:
    """When this agent answered this call."""
    row = call_row(context, linkedid)
    legs = [leg for leg in row.legs if leg.extension == extension] if row else []
    return next((leg.answered_at for leg in legs if leg.answered_at), None)


def paused_in_queue(switchboard: Switchboard, extension: str) -> bool:
    members = switchboard.pbx.control("queue show hotline").splitlines()
    return any(f"desk-{extension} " in line and "paused" in line for line in members)


def test_the_same_agent_gets_the_call_back_without_any_script(
    switchboard: Switchboard, queue: QueueMembers, ami: AmiTap, agent_tone: Path, citizen_tone: Path
) -> None:
    phone = switchboard.plug_in(FIRST, breaks_off_then(speaks(agent_tone)))
    queue.sign_on(FIRST)
    before = switchboard.calls()
    call = switchboard.network.citizen_calls("13800000001", speaks_to(phone, citizen_tone, 2))
    linkedid = switchboard.new_call(before)
    assert call.wait_ended(90) is EndedBy.US
    assert [leg.wait_ended(60) for leg in phone.calls] == [EndedBy.THEM, EndedBy.THEM]
    assert tone_seconds(call.heard, AGENT_HZ) > MOST_OF_IT
    assert tone_seconds(phone.calls[1].heard, CITIZEN_HZ) > MOST_OF_IT
    assert tone_seconds(phone.calls[0].heard, CITIZEN_HZ) == 0
    assert not paused_in_queue(switchboard, FIRST)
    tracks = sorted(switchboard.folder(linkedid).glob("agent-*.wav"), key=lambda path: path.stat().st_mtime)
    assert len(tracks) == 2
    assert tone_seconds(tracks[1], AGENT_HZ) > MOST_OF_IT
    mix, own = (switchboard.folder(linkedid) / name for name in ("mix.wav", "caller.wav"))
    wait_until_closed(mix, own)
    assert len(read_wave(mix)) == len(read_wave(own))  # one recording from the beginning to the end
    assert tone_seconds(own, CITIZEN_HZ) > MOST_OF_IT
    assert ami.wait_for("HotlineCallFinished", linkedid)["Answered"] == "yes"


def test_the_core_follows_a_line_that_breaks_and_returns(
    switchboard: Switchboard, context: Context, queue: QueueMembers, agent_tone: Path, citizen_tone: Path
) -> None:
    unplugged = threading.Event()
    phone = switchboard.plug_in(FIRST, breaks_off_then(speaks(agent_tone), unplugged.is_set))
    before = switchboard.calls()
    with running(context, switchboard):
        queue.sign_on(FIRST)
        until(lambda: seat_is(context, FIRST, SeatState.READY), what="the seat to be ready")
        call = switchboard.network.citizen_calls("13800000002", speaks_to(phone, citizen_tone, 2))
        linkedid = switchboard.new_call(before)
        until(lambda: state(context, linkedid) is CallState.TALKING, 20, "the answer")
        switchboard.network.unplug(phone)
        unplugged.set()
        until(lambda: "call.broken" in told(context, "call.broken"), 10, "the break")
        assert seat_is(context, FIRST, SeatState.BROKEN)
        switchboard.network.plug_in_again(phone)
        assert call.wait_ended(90) is EndedBy.US
        until(lambda: state(context, linkedid) is CallState.ENDED, what="the end")
    row = call_row(context, linkedid)
    assert row is not None
    assert row.end is CallEnd.TALKED
    assert [leg.extension for leg in row.legs] == [None, FIRST, FIRST]
    [first, _] = [e for e in switchboard.events(linkedid) if e.kind == "HANGUP" and "desk" in e.channel]
    assert f'"hangupcause":{BROKEN_CAUSE},' in first.extra  # found at once, not by the missing audio
    steps = [kind for kind, _ in groupby(told(context, "call.answered", "call.broken"))]
    assert steps == ["call.answered", "call.broken", "call.answered"]


def test_one_who_does_not_return_makes_room_for_another_who_takes_the_head_of_the_line(
    switchboard: Switchboard, context: Context, queue: QueueMembers, agent_tone: Path, citizen_tone: Path
) -> None:
    gone = switchboard.plug_in(FIRST, breaks_off_then(rings_on))
    helper = switchboard.plug_in(SECOND, speaks(agent_tone))
    before = switchboard.calls()
    with running(context, switchboard):
        queue.sign_on(FIRST)
        call = switchboard.network.citizen_calls("13800000003", speaks_to(helper, citizen_tone, 1))
        linkedid = switchboard.new_call(before)
        until(lambda: gone.calls and gone.answered, 20, "the answer")
        early = switchboard.calls()
        waiting = switchboard.network.citizen_calls("13800000004", lambda line: wait_in_line(line, call))
        second = switchboard.new_call(early)
        until(lambda: told(context, "call.broken"), 40, "the break")
        until(lambda: state(context, linkedid) is CallState.WAITING, 40, "the head of the line")
        until(lambda: state(context, second) is CallState.WAITING, what="the other caller to wait")
        assert len(gone.calls) > 1
        assert not seat_is(context, FIRST, SeatState.BROKEN)
        queue.sign_on(SECOND)
        assert call.wait_ended(90) is EndedBy.US
        assert tone_seconds(call.heard, AGENT_HZ) > MOST_OF_IT
        first_answer = answered_at(context, linkedid, SECOND)
        assert first_answer is not None
        assert first_answer < (answered_at(context, second, SECOND) or NEVER)
        assert waiting.wait_ended(60) is EndedBy.US
        until(lambda: state(context, second) is CallState.ENDED, what="the end")
        until(
            lambda: answered_legs(context, linkedid) == [None, FIRST, SECOND],
            what="the legs by channel events",
        )
    row = call_row(context, linkedid)
    assert row is not None
    assert row.end is CallEnd.TALKED
    assert paused_in_queue(switchboard, FIRST) or not seat_is(context, FIRST, SeatState.READY)


def answered_legs(context: Context, linkedid: str) -> list[str | None]:
    row = call_row(context, linkedid)
    return [leg.extension for leg in row.legs if leg.answered_at] if row else []


def wait_in_line(line: Line, other: NetworkCall) -> None:
    line.answer()
    line.wait_until(other.ended.is_set, 60)


def test_a_caller_who_hangs_up_in_the_music_is_owed_a_callback(
    switchboard: Switchboard, context: Context, queue: QueueMembers
) -> None:
    phone = switchboard.plug_in(FIRST, breaks_off_then(rings_on))
    before = switchboard.calls()

    def citizen(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: "call.broken" in told(context, "call.broken"), 30)
        broken_at = len(growing(line.heard))
        line.wait_until(
            lambda: (growing(line.heard)[broken_at:][-RATE // 2 :] ** 2).sum() > RATE // 2 * MUSIC, 30
        )

    with running(context, switchboard):
        queue.sign_on(FIRST)
        call = switchboard.network.citizen_calls("13800000005", citizen)
        linkedid = switchboard.new_call(before)
        until(lambda: phone.calls and phone.answered, 20, "the answer")
        switchboard.network.unplug(phone)
        assert call.wait_ended(90) is EndedBy.US
        until(lambda: state(context, linkedid) is CallState.ENDED, what="the end")
    row = call_row(context, linkedid)
    assert row is not None
    assert row.end is CallEnd.CUT_OFF
    with context.reading() as session:
        assert "13800000005" in session.scalars(select(OwedCallback.number)).all()


def test_an_agent_who_hangs_up_has_said_goodbye(
    switchboard: Switchboard, queue: QueueMembers, ami: AmiTap
) -> None:
    def agent(line: Line) -> None:
        line.answer()
        line.listen(0.5)

    phone = switchboard.plug_in(FIRST, agent)
    queue.sign_on(FIRST)
    before = switchboard.calls()
    call = switchboard.network.citizen_calls("13800000006", listen(40))
    linkedid = switchboard.new_call(before)
    assert call.wait_ended(90) is EndedBy.THEM
    assert len(phone.calls) == 1
    assert ami.wait_for("HotlineParting", linkedid)
    assert not ami.user_events("HotlineAgentBroken", linkedid)
    assert likeness(call.heard, switchboard.prompt("thanks")) > SAME
