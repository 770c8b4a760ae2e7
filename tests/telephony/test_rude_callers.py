"""Odd numbers and keys that nobody asked for, told to the core: the right contact, and nothing breaks."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.models import Call, CallEnd, CallState
from hotline.clock import SystemClock
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.database import Database
from hotline.people.models import User
from hotline.transcripts.models import Speaker
from ivr.network import Line, Phone, TelephoneNetwork
from ivr.network.calls import EndedBy
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City
from tests.ports import free_port
from tests.telephony.conftest import TRUNK_HOST, private_settings
from tests.telephony.ivr_process import call_row, recording_row, running
from tests.telephony.sipp import SippCaller
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

UNASKED = "D5A46BC"
"""Keys without a meaning in the packaged plan. The first is one that most telephones do not have."""
ASSERTED = "P-Asserted-Identity: <sip:+8613700001111@127.0.0.2>\r\n"

# From header, further headers -> the number of the contact; empty: withheld.
SENDERS = {
    "none": ("<sip:127.0.0.2>", "", ""),
    "anonymous": ('"Anonymous" <sip:anonymous@anonymous.invalid>', "", ""),
    "country code": ("<sip:+8613912345678@127.0.0.2>", "", "13912345678"),
    "long country code": ("<sip:008613912345679@127.0.0.2>", "", "13912345679"),
    "200 digits": (f"<sip:{'1' * 200}@127.0.0.2>", "", ""),
    "quotes": ('"a\\"b" <sip:%22139%2212345670%27%3b@127.0.0.2>', "", "13912345670"),
    "line break": ("<sip:139%0d%0a%0d%0aEvent%3a%20Invented@127.0.0.2>", "", ""),
    "digits and a line break": ("<sip:13912345671%0d%0a@127.0.0.2>", "", "13912345671"),
    "conflict": ("<sip:13912345672@127.0.0.2>", ASSERTED, "13700001111"),
    "named by the network alone": ("<sip:anonymous@anonymous.invalid>", ASSERTED, "13700001111"),
}


def new_context(migrated_sqlite: Path, folder: Path, switchboard: Switchboard) -> Context:
    path = folder / "hotline.sqlite"
    path.write_bytes(migrated_sqlite.read_bytes())
    return Context(Database(f"sqlite:///{path}"), SystemClock(), switchboard.settings)


def sipp_caller(
    switchboard: Switchboard, folder: Path, sender: str, headers: str = "", keys: str = ""
) -> SippCaller:
    settings, port = switchboard.settings, free_port(socket.SOCK_DGRAM, TRUNK_HOST)
    hotline = (settings.sip_host, settings.sip_port)
    return SippCaller(folder, sender, hotline, settings.hotline_number, port, headers, keys)


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """Callers may wait for as long as they press keys."""
    settings = private_settings(tmp_path_factory.mktemp("rude"), queue_timeout_seconds=60, wrap_up_seconds=0)
    seats = tuple(seats_of(["1001", "1002"], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@pytest.fixture(scope="module")
def contacts(
    switchboard: Switchboard, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Contact, list[str]]]]:
    """All senders call at once; each one's contact, with the numbers on its tickets."""
    folder = tmp_path_factory.mktemp("senders")
    context = new_context(migrated_sqlite, folder, switchboard)
    linkedids = {}
    with running(context, switchboard), ExitStack() as stack:
        callers = []
        for name, (sender, headers, _) in SENDERS.items():
            before = switchboard.calls()
            caller = sipp_caller(switchboard, folder, sender, headers)
            callers.append(stack.enter_context(caller))
            linkedids[name] = switchboard.new_call(before)
        until(lambda: all(call_row(context, linkedid) for linkedid in linkedids.values()), 20, "all calls")
        switchboard.pbx.control("channel request hangup all")
        assert [caller.finish() for caller in callers] == [0] * len(SENDERS)
    with context.reading() as session:
        found = {}
        for name, linkedid in linkedids.items():
            contact = session.scalars(select(Contact).where(Contact.source_ref == linkedid)).one()
            found[name] = (contact, [ticket.complainant_phone for ticket in contact.tickets])
    yield found
    context.database.dispose()


@pytest.mark.parametrize(("name", "number"), [(name, number) for name, (*_, number) in SENDERS.items()])
def test_a_caller_becomes_a_contact_with_the_right_number(
    contacts: dict[str, tuple[Contact, list[str]]], name: str, number: str
) -> None:
    contact, on_tickets = contacts[name]
    assert (contact.number, contact.number_withheld) == (number, not number)
    assert on_tickets == [number]


@pytest.fixture
def context(sqlite_database: Database, switchboard: Switchboard) -> Context:
    """Two people have a seat."""
    found = Context(sqlite_database, SystemClock(), switchboard.settings)
    city = City.founded(found)
    with found.writing() as session:
        session.get_one(User, city.screener.user_id).extension = switchboard.seats[1].extension
    return found


def stay(line: Line) -> None:
    """An agent who never hangs up."""
    line.ring(0.3)
    line.answer()
    line.listen_to_the_end()


@pytest.fixture
def phones(switchboard: Switchboard) -> list[Phone]:
    network = switchboard.network
    return [network.agent_phone(seat.extension, seat.password, stay) for seat in switchboard.seats]


def is_in(context: Context, linkedid: str, state: CallState) -> bool:
    call = call_row(context, linkedid)
    return call is not None and call.state is state


def assert_talked(context: Context, linkedid: str) -> None:
    until(lambda: is_in(context, linkedid, CallState.ENDED), what="the end of the call")
    recording = until(lambda: recording_row(context, linkedid), what="the recording")
    assert recording is not None
    assert {track.speaker for track in recording.tracks} == {Speaker.CALLER, Speaker.AGENT, Speaker.MIX}
    call = call_row(context, linkedid)
    assert call is not None
    talked = [leg for leg in call.legs if leg.role == "caller" or leg.answered_at]
    assert (call.end, len(talked)) == (CallEnd.TALKED, 2)


def call_from(context: Context, number: str) -> str:
    """The call of this number, by its own name: a call of another test may still be on its way out."""

    def its_name() -> str | None:
        with context.reading() as session:
            return session.scalar(select(Call.linkedid).join(Call.contact).where(Contact.number == number))

    return until(its_name, what=f"the call of {number}") or ""


def test_keys_in_greeting_queue_and_talk_change_nothing(
    switchboard: Switchboard, context: Context, phones: list[Phone], tmp_path: Path
) -> None:
    """Two callers at once: one by RFC 4733, one by SIP INFO."""
    many = UNASKED.lower() * 10
    linkedid, pressed_in_queue = list[str](), threading.Event()

    def wait_for(line: Line, state: CallState) -> None:
        line.wait_until(lambda: bool(linkedid) and is_in(context, linkedid[0], state), 30)

    def press_all_the_time(line: Line) -> None:
        line.answer()
        line.press(UNASKED)  # the greeting has only just begun
        wait_for(line, CallState.WAITING)
        line.press(UNASKED[:3])
        pressed_in_queue.set()
        wait_for(line, CallState.TALKING)
        line.press(UNASKED)

    with running(context, switchboard), ExitStack() as stack:
        call = switchboard.network.citizen_calls("13800008888", press_all_the_time)
        linkedid.append(call_from(context, "13800008888"))
        by_info = sipp_caller(switchboard, tmp_path, "<sip:13800009999@127.0.0.2>", keys=many)
        stack.enter_context(by_info)
        other = call_from(context, "13800009999")
        assert pressed_in_queue.wait(120)
        for seat in switchboard.seats:
            stack.enter_context(switchboard.seat_in_queue(seat))
        until(lambda: is_in(context, other, CallState.TALKING), 30, "the talk")
        assert len(many) - by_info.keys_taken >= len(UNASKED)
        until(lambda: by_info.keys_taken == len(many), 40, "all keys to be acknowledged")
        assert call.wait_ended(90) is EndedBy.US
        assert is_in(context, other, CallState.TALKING)
        switchboard.pbx.control("channel request hangup all")
        assert by_info.finish() == 0
        assert {phone.calls[-1].wait_ended(60) for phone in phones} == {EndedBy.THEM}
        assert_talked(context, linkedid[0])
        assert_talked(context, other)
    assert sum(step.name.startswith("press") for step in call.steps) == 3
