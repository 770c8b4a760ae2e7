"""A disk that is full costs recordings or time, never a call or a ticket."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from hotline import events
from hotline.calls.models import CallEnd, CallState, SeatState
from hotline.calls.seats import seat_changed
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.tickets.models import HistoryLine, Ticket
from hotline.transcripts.models import Recording, RecordingState, Speaker
from ivr.network import Line, NetworkCall, Phone, TelephoneNetwork, talk_as_agent
from ivr.network.calls import EndedBy
from ivr.pbx import Pbx, prepare, seats_of
from ivr.reconcile import MEMORY
from tests.factories import City
from tests.telephony.conftest import private_settings
from tests.telephony.ivr_process import call_row, recording_row, running
from tests.telephony.small_disk import SmallDisk, disk_of, on_a_small_disk, small_disk
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, shorten_greeting, tone_seconds, tone_seconds_so_far
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13800005678"
SPOOL_BYTES = 320 * 1024
STATE_BYTES = 64 * 1024


@dataclass(frozen=True)
class House:
    """A hotline whose recordings have a small disk."""

    switchboard: Switchboard
    spool: SmallDisk
    seen_from_outside: Switchboard
    """The same, for those who look for recordings where this process sees them."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = private_settings(tmp_path_factory.mktemp("disk"), queue_timeout_seconds=30, wrap_up_seconds=0)
    shorten_greeting(settings.state_dir)
    seats = tuple(seats_of(["1001"], settings.secrets.sip))
    instance = on_a_small_disk(prepare(settings, seats), settings.spool_dir, SPOOL_BYTES)
    with Pbx(instance) as pbx, TelephoneNetwork(settings) as network:
        disk = disk_of(instance, settings.spool_dir)
        switchboard = Switchboard(settings, pbx, network, seats)
        outside = settings.model_copy(update={"spool_dir": disk.folder})
        yield House(switchboard, disk, replace(switchboard, settings=outside))


@pytest.fixture
def context(house: House, sqlite_database: Database) -> Context:
    found = Context(sqlite_database, SystemClock(), house.seen_from_outside.settings)
    City.founded(found)
    return found


@pytest.fixture
def phone(house: House, agent_tone: Path) -> Iterator[Phone]:
    """The agent's desk phone, in the queue; it speaks as long as the citizen stays."""
    [seat] = house.switchboard.seats
    script = talk_as_agent([agent_tone] * 30, ring=0.2)
    phone = house.switchboard.network.agent_phone(seat.extension, seat.password, script)
    with house.switchboard.seat_in_queue(seat):
        yield phone


def ended(context: Context, linkedid: str) -> bool:
    call = call_row(context, linkedid)
    return call is not None and call.state is CallState.ENDED


def registered(context: Context, linkedid: str) -> Recording | None:
    with context.reading() as session:
        rows = session.scalars(select(Recording)).all()
        found = [row for row in rows if row.call.linkedid == linkedid and row.tracks is not None]
        return found[0] if found else None


def history(context: Context, linkedid: str) -> list[str]:
    """What the history of the call's ticket says."""
    call = call_row(context, linkedid)
    assert call is not None
    with context.reading() as session:
        lines = select(HistoryLine.event).join(Ticket).where(Ticket.contact_id == call.contact_id)
        return list(session.scalars(lines))


def both_were_heard(citizen: NetworkCall, agent: NetworkCall, seconds: float) -> bool:
    heard = tone_seconds(citizen.heard, AGENT_HZ), tone_seconds(agent.heard, CITIZEN_HZ)
    return min(heard) > seconds


def until_heard(line: Line, phone: Phone, tone: Path) -> None:
    """Speak until each has heard a second of the other."""
    for _ in range(20):
        line.say(tone)
        if (
            tone_seconds_so_far(line.heard, AGENT_HZ)
            > 1
            < tone_seconds_so_far(phone.calls[-1].heard, CITIZEN_HZ)
        ):
            break


def silent_channels(switchboard: Switchboard) -> bool:
    return switchboard.pbx.control("core show channels count").startswith("0 active channels")


def test_a_call_goes_on_when_the_disk_runs_full_in_the_middle(
    house: House, context: Context, phone: Phone, citizen_tone: Path
) -> None:
    switchboard, before = house.switchboard, house.switchboard.calls()

    def talk(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: phone.answered, 30)
        line.say(citizen_tone)
        house.spool.fill()
        for _ in range(5):
            line.say(citizen_tone)

    with running(context, house.seen_from_outside):
        citizen = switchboard.network.citizen_calls(CITIZEN, talk)
        linkedid = switchboard.new_call(before)
        assert citizen.wait_ended(60) is EndedBy.US
        house.spool.make_room()
        phone.calls[-1].wait_ended(60)
        until(lambda: recording_row(context, linkedid), 30, "the recording")
    call, recording = call_row(context, linkedid), recording_row(context, linkedid)
    assert call is not None
    assert recording is not None
    assert call.end is CallEnd.TALKED
    assert both_were_heard(citizen, phone.calls[-1], 6)  # a third of it before the disk was full
    assert {track.speaker for track in recording.tracks} >= {Speaker.CALLER, Speaker.MIX}
    assert max(track.seconds for track in recording.tracks) < tone_seconds(citizen.heard, AGENT_HZ)
    assert history(context, linkedid) == ["open_record", "recording_short"]
    until(lambda: silent_channels(switchboard))


def test_a_call_on_a_full_disk_is_a_ticket_that_says_so(
    house: House, context: Context, phone: Phone, citizen_tone: Path
) -> None:
    switchboard, before = house.switchboard, house.switchboard.calls()

    def talk(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: phone.answered, 60)
        until_heard(line, phone, citizen_tone)

    house.spool.fill()
    assert house.spool.free == 0
    with running(context, house.seen_from_outside):
        citizen = switchboard.network.citizen_calls(CITIZEN, talk)
        linkedid = switchboard.new_call(before)
        assert citizen.wait_ended(60) is EndedBy.US
        phone.calls[-1].wait_ended(60)
        until(lambda: ended(context, linkedid))
        recording = until(lambda: registered(context, linkedid), 30, "the recording's absence")
    house.spool.make_room()
    assert both_were_heard(citizen, phone.calls[-1], 1)
    assert (recording.state, recording.tracks) == (RecordingState.SET_ASIDE, [])
    assert recording.failure == "nothing was recorded"
    assert history(context, linkedid) == ["open_record", "recording_missing"]
    with context.reading() as session:
        assert session.scalar(select(Ticket.complainant_phone)) == CITIZEN


@pytest.fixture
def state_disk(tmp_path: Path, house: House) -> Iterator[SmallDisk]:
    """A disk for our own state folder: what the reconciler remembers, and what could not be acted on."""
    state_dir = house.switchboard.settings.state_dir
    with small_disk(tmp_path / "state", STATE_BYTES) as disk:
        for name in ("asterisk", "prompts", "secrets.toml", "sounds"):
            (disk.folder / name).symlink_to(state_dir / name)
        yield disk


@contextmanager
def no_room_in(context: Context, full: threading.Event) -> Iterator[None]:
    """SQLite may not grow and has no room for one more event, without which nothing is written."""
    full.set()
    context.database.dispose()
    for filling in ("x" * 1000, ""):
        with suppress(OperationalError):
            while True:
                with context.writing() as session:
                    events.record(session, context.now(), "", "", filling=filling)
    with pytest.raises(OperationalError, match="full"):
        seat_changed(context, "1001", SeatState.PAUSED, "to see that nothing can be written")
    yield
    full.clear()
    context.database.dispose()


def fillable(context: Context) -> threading.Event:
    """While it is set, the database may not grow. To be asked for before anybody connects."""
    full = threading.Event()

    def forbid_growth(connection: sqlite3.Connection, _record: object) -> None:
        if full.is_set():
            connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size for less

    event.listen(context.database.engine, "connect", forbid_growth)
    return full


def test_a_call_while_the_database_has_no_room_reaches_an_agent_and_becomes_a_ticket_later(
    house: House, context: Context, state_disk: SmallDisk, phone: Phone, citizen_tone: Path
) -> None:
    switchboard, before = house.switchboard, house.switchboard.calls()
    settings = context.settings.model_copy(update={"state_dir": state_disk.folder})

    def talk(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: phone.answered, 60)
        until_heard(line, phone, citizen_tone)

    full = fillable(context)
    with running(replace(context, settings=settings), house.seen_from_outside):
        state_disk.fill()
        with no_room_in(context, full):
            citizen = switchboard.network.citizen_calls(CITIZEN, talk)
            linkedid = switchboard.new_call(before)
            assert citizen.wait_ended(60) is EndedBy.US
            phone.calls[-1].wait_ended(60)
            assert both_were_heard(citizen, phone.calls[-1], 1)
            assert call_row(context, linkedid) is None
        recording = until(lambda: recording_row(context, linkedid), 30, "the call in the database")
        assert state_disk.free == 0
        state_disk.make_room()
        until(lambda: (state_disk.folder / MEMORY).exists(), what="the reconciler to remember its place")
    call = call_row(context, linkedid)
    assert call is not None
    assert (call.end, call.contact.number, len(call.legs)) == (CallEnd.TALKED, CITIZEN, 2)
    assert {track.speaker for track in recording.tracks} == {Speaker.CALLER, Speaker.AGENT, Speaker.MIX}
    assert history(context, linkedid) == ["open_record"]
