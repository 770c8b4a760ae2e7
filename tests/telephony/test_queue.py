"""The line on real Asterisk: who is served before whom, what callers hear and press meanwhile, callbacks."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.callbacks.queries import drafts_with_message
from hotline.callbacks.service import CallbackDialled, call_now, mark_done
from hotline.calls.models import Call, CallbackState, CallEnd, CallState, OwedCallback, Seat, SeatState
from hotline.calls.ports import NoTelephone
from hotline.calls.seats import pause, sign_off
from hotline.calls.service import RANG_OUT, call_ended, open_call
from hotline.clock import SystemClock
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import Actor, Role
from hotline.queueing.models import Skill
from hotline.queueing.queries import memberships
from hotline.queueing.service import set_skills
from hotline.sweep import sweep_once
from hotline.tickets.models import Ticket
from hotline.tickets.progress import on_keypad
from hotline.transcripts.models import Speaker
from ivr.ami.client import AmiConnection
from ivr.control import AmiCallControl, ami_account
from ivr.network import Line, NetworkCall, Script, TelephoneNetwork, hang_up_early, ring_out, turn_busy
from ivr.network.calls import EndedBy
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City, user
from tests.telephony.conftest import private_settings
from tests.telephony.ivr_process import recording_row, running
from tests.telephony.signing_on import sign_on_when_there
from tests.telephony.sounds import CITIZEN_HZ, likeness, shorten_greeting, tone_seconds
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

FIRST, SECOND = "1001", "1002"


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    settings = private_settings(
        tmp_path_factory.mktemp("queue"),
        queue_timeout_seconds=90,
        wrap_up_seconds=0,
        ring_seconds=3,
        announce_after_seconds=3,
        announce_every_seconds=60,
        callback_delay_seconds=0,
        follow_up_hours="00:00-24:00",
        satisfaction_by_key=False,
    )
    shorten_greeting(settings.state_dir)
    seats = tuple(seats_of([FIRST, SECOND], settings.secrets.sip))
    prepared = prepare(settings, seats, ["skill-yue"])
    with Pbx(prepared) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@dataclass
class House:
    """The hotline with its processes, and everybody's telephones."""

    switchboard: Switchboard
    context: Context
    city: City
    control: AmiCallControl
    second: Actor

    def signed_on(self, actor: Actor, extension: str) -> None:
        sign_on_when_there(self.context.acting_as(actor), self.control, extension)

    def calls(self, number: str) -> list[Call]:
        with self.context.reading() as session:
            query = select(Call).join(Contact).where(Contact.number == number).order_by(Call.id)
            return list(session.scalars(query))

    def is_in(self, number: str, *states: CallState) -> bool:
        return any(call.state in states for call in self.calls(number))

    def seat(self, extension: str) -> Seat:
        with self.context.reading() as session:
            return session.scalars(select(Seat).where(Seat.extension == extension)).one()

    def owed(self, number: str) -> OwedCallback | None:
        with self.context.reading() as session:
            return session.scalar(select(OwedCallback).where(OwedCallback.number == number))

    def dials(self, number: str, script: Script, shown: str | None = None) -> NetworkCall:
        return self.switchboard.network.citizen_calls(number, script, shown)

    def waits_until_served(self, number: str, before: Script | None = None) -> Script:
        """A citizen who may do something while waiting, and says goodbye soon after the answer."""

        def script(line: Line) -> None:
            line.answer()
            line.wait_until(lambda: self.is_in(number, CallState.WAITING), 40)
            if before:
                before(line)
            line.wait_until(lambda: self.is_in(number, CallState.TALKING), 90)
            line.listen(0.6)

        return script


@pytest.fixture
def house(switchboard: Switchboard, sqlite_database: Database) -> Iterator[House]:
    context = Context(sqlite_database, SystemClock(), switchboard.settings)
    city = City.founded(context)
    second = user(context, city.hotline_id, Role.AGENT, extension=SECOND)
    with context.writing() as session:
        session.add(Skill(code="yue", name_zh="粤语", name_en="Cantonese", overflow_seconds=4))
    control = AmiCallControl(context.settings, queues_of=memberships(context))
    with running(context, switchboard), sweeping(context, control):
        yield House(switchboard, context, city, control, second)
        for extension in (FIRST, SECOND):
            sign_off(context, control, extension)
        switchboard.pbx.control("channel request hangup all")
    until(lambda: switchboard.pbx.control("core show channels count").startswith("0 active channels"))


@contextmanager
def sweeping(context: Context, control: AmiCallControl) -> Iterator[None]:
    """`hotline sweep`, quicker."""
    stop = threading.Event()

    def sweep() -> None:
        while not stop.is_set():
            sweep_once(context, control)
            stop.wait(0.2)

    thread = threading.Thread(target=sweep)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)


def answer(line: Line) -> None:
    """An agent who stays until the other side hangs up."""
    line.ring(0.1)
    line.answer()
    line.listen(100)


def press(keys: str, after: Callable[[], bool] | None = None) -> Script:
    """Press keys, and go on once `after` holds."""

    def script(line: Line) -> None:
        line.press(keys)
        if after:
            line.wait_until(after, 40)

    return script


def test_the_line_is_served_in_its_order(house: House, switchboard: Switchboard) -> None:
    """No agent at first. The first waits; the second asks for a callback; the third goes to hear a ticket's
    progress and comes back; the fourth only waits; the fifth was cut off by us this morning."""
    first, second, third, fourth, fifth = (f"1380000000{n}" for n in range(1, 6))
    earlier = open_call(house.context, "1700000000.1", fifth, "12345")
    call_ended(house.context, "1700000000.1", CallEnd.CUT_OFF)
    assert earlier.call_id

    def ask_for_callback(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: house.is_in(second, CallState.WAITING), 40)
        line.press("9")  # means nothing
        while (
            house.owed(second) is None
        ):  # a key may be passed over while the one before leads back to the line
            line.press("3")
            line.listen(3)
        line.listen_to_the_end(40)

    def in_queue(place: int) -> bool:
        return len(queued(switchboard)) >= place

    citizens = [house.dials(first, house.waits_until_served(first))]
    until(lambda: house.is_in(first, CallState.WAITING), 20, "the first")
    asked = house.dials(second, ask_for_callback)
    until(lambda: house.is_in(second, CallState.WAITING), 20, "the second")
    away = lambda line: (line.press("1"), line.listen(2), line.press("*"))  # noqa: E731
    third_call = house.dials(third, house.waits_until_served(third, away))
    citizens.append(third_call)
    until(lambda: house.is_in(third, CallState.WAITING), 20, "the third")
    until(lambda: house.owed(second) is not None, 20, "the callback")
    fourth_call = house.dials(fourth, house.waits_until_served(fourth))
    citizens.append(fourth_call)
    until(lambda: house.is_in(fourth, CallState.WAITING), 20, "the fourth")
    citizens.append(house.dials(fifth, house.waits_until_served(fifth)))
    asked.wait_ended(30)
    until(lambda: in_queue(4), 20, "all in the queue")
    until(lambda: any(step.name == "press *" for step in third_call.steps), 20, "the third's return")

    called_back = switchboard.network.expect_callback(second, hang_up_early(1))
    house.switchboard.plug_in(FIRST, answer)
    house.signed_on(house.city.agent, FIRST)
    for citizen in [*citizens, called_back]:
        citizen.wait_ended(40)
    until(lambda: not any(house.is_in(n, CallState.TALKING) for n in (first, second, third, fourth, fifth)))

    order = sorted(
        (call for n in (first, second, third, fourth, fifth) for call in house.calls(n) if call.answered_at),
        key=lambda call: call.answered_at,
    )
    with house.context.reading() as session:
        numbers = [session.get_one(Contact, call.contact_id).number for call in order]
    assert numbers == [fifth, first, second, third, fourth]
    owed = house.owed(second)
    assert owed is not None
    assert (owed.state, owed.done_reason) == (CallbackState.DONE, "called_back")
    assert house.calls(second)[0].end is CallEnd.CALLBACK
    [told] = house.calls(fourth)
    assert told.estimated_at is not None
    prompts = [switchboard.prompt(name) for name in ("wait-busy", "position-before")]
    assert all(likeness(fourth_call.heard, prompt) > 0.6 for prompt in prompts)
    until(lambda: recording_row(house.context, order[2].linkedid), 20, "the callback's recording")
    recording = recording_row(house.context, order[2].linkedid)
    assert recording is not None
    assert {track.speaker for track in recording.tracks} == {Speaker.CALLER, Speaker.AGENT, Speaker.MIX}


def queued(switchboard: Switchboard, queue: str = "hotline") -> list[str]:
    """Channels that wait, in Asterisk's order."""
    shown = switchboard.pbx.control(f"queue show {queue}")
    lines = shown.partition("Callers:")[2].splitlines()
    return [line.split()[1] for line in lines if line.strip()]


def test_keys_of_those_who_wait(house: House, switchboard: Switchboard, citizen_tone: Path) -> None:
    """All at once, and nobody answers: a message, a callback to a number that was not shown, a ticket's
    progress, a wrong code three times, and one who hangs up in a menu."""
    ticket_id = house.city.signed("13811110000")
    with house.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        digits = "".join(filter(str.isdigit, ticket.number or ""))
        code = on_keypad(ticket.query_code or "")
    numbers = [f"1390000000{n}" for n in range(5)]

    def waiting(number: str, *, known: bool = True) -> Callable[[], bool]:
        return lambda: house.is_in(number if known else "", CallState.WAITING)

    def leaves_message(line: Line) -> None:
        line.answer()
        line.wait_until(waiting(numbers[0]), 40)
        line.press("2")
        line.hear_voice()
        line.hear_silence(1000)
        line.say(citizen_tone)

    def wants_callback(line: Line) -> None:
        line.answer()
        line.wait_until(waiting("", known=False), 40)
        line.press("3")
        line.listen(1)
        line.press("999#")
        line.listen(1.5)
        line.press("13811112222#")
        line.listen_to_the_end(40)

    def asks_for_progress(line: Line) -> None:
        line.answer()
        line.wait_until(waiting(numbers[2]), 40)
        line.press("1")
        line.listen(0.5)
        line.press(f"{digits}#{code}")
        line.listen(14)

    def guesses(line: Line) -> None:
        line.answer()
        line.wait_until(waiting(numbers[3]), 40)
        line.press("1")
        for _ in range(3):
            line.listen(0.8)
            line.press("12#")
            line.listen(0.5)
            line.press("22#")
            line.listen(1.5)
        line.listen(4)

    def leaves_in_the_menu(line: Line) -> None:
        line.answer()
        line.wait_until(waiting(numbers[4]), 40)
        line.press("1")
        line.listen(0.5)

    scripts = [leaves_message, None, asks_for_progress, guesses, leaves_in_the_menu]
    calls = {n: house.dials(n, script) for n, script in zip(numbers, scripts, strict=True) if script}
    hidden = house.dials(numbers[1], wants_callback, "")
    for call in [*calls.values(), hidden]:
        call.wait_ended(60)

    assert likeness(calls[numbers[2]].heard, switchboard.prompt("progress-handling")) > 0.6
    assert likeness(calls[numbers[3]].heard, switchboard.prompt("progress-too-often")) > 0.6
    until(lambda: house.owed("13811112222"), 10, "the callback to the number that was keyed in")
    until(lambda: house.owed(numbers[4]), 10, "the callback to the one who hung up in the menu")
    message = until(
        lambda: recording_row(house.context, house.calls(numbers[0])[0].linkedid), 20, "the message"
    )
    tracks = {track.speaker: switchboard.settings.spool_dir / track.path for track in message.tracks}
    assert tone_seconds(tracks[Speaker.MESSAGE], CITIZEN_HZ) > 1.5
    assert tone_seconds(tracks[Speaker.CALLER], CITIZEN_HZ) < 0.5
    with house.context.reading() as session:
        [(left, draft)] = drafts_with_message(session)
        assert (left.linkedid, draft.contact_id) == (house.calls(numbers[0])[0].linkedid, left.contact_id)


def test_skills_and_those_who_let_it_ring(house: House, switchboard: Switchboard) -> None:
    """Who has the skill is rung at once, the other after the overflow; who misses two calls is paused."""
    phones = {extension: switchboard.plug_in(extension, answer) for extension in (FIRST, SECOND)}
    house.signed_on(house.city.agent, FIRST)
    house.signed_on(house.second, SECOND)
    supervisor = house.context.acting_as(house.city.supervisor)
    assert house.second.user_id
    set_skills(supervisor, house.control, house.second.user_id, {"yue": 1})
    until(lambda: "penalty" not in member(switchboard, "skill-yue", SECOND), 10, "the new skill")

    began = [wait_in_line(house, "skill-yue") for _ in range(2)]
    until(lambda: phones[SECOND].answered, 10, "the one with the skill")
    assert not phones[FIRST].calls
    until(lambda: phones[FIRST].answered, 20, "the other")
    assert time.monotonic() - began[0] >= 4
    switchboard.pbx.control("channel request hangup all")
    until(lambda: house.seat(FIRST).state is SeatState.READY, 10, "the end of the talk")
    until(lambda: house.seat(SECOND).state is SeatState.READY, 10, "the end of the talk")

    sign_off(house.context, house.control, SECOND)
    house.switchboard.plug_in(FIRST, ring_out(30))
    gone = house.dials("13700000001", hang_up_when(lambda: house.seat(FIRST).state is SeatState.RINGING))
    gone.wait_ended(30)
    until(lambda: house.seat(FIRST).state is SeatState.READY, 10, "the end of the ringing")
    assert house.seat(FIRST).misses == 0
    waits = house.dials("13700000002", hang_up_when(lambda: house.seat(FIRST).state is SeatState.PAUSED))
    waits.wait_ended(40)
    seat = house.seat(FIRST)
    assert (seat.state, seat.reason) == (SeatState.PAUSED, RANG_OUT)
    house.signed_on(house.city.agent, FIRST)
    seat = house.seat(FIRST)
    assert seat.misses == 0
    assert seat.state in (SeatState.READY, SeatState.RINGING)  # whoever is still in the line rings at once


def test_while_all_of_ours_is_away_callers_wait_and_hear_plain_words(switchboard: Switchboard) -> None:
    def press_everything(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: len(queued(switchboard)) == 1, 20)
        line.press("31*")
        line.listen(6)
        assert len(queued(switchboard)) == 1

    call = switchboard.network.citizen_calls("13500000001", press_everything)
    assert call.wait_ended(40) is EndedBy.US
    assert likeness(call.heard, switchboard.prompt("wait-estimate")) > 0.6


def test_an_agent_calls_back_out_of_turn(house: House, switchboard: Switchboard) -> None:
    """Engaged at first, and reached the second time; the agent's telephone rings before the citizen's."""
    number = "13600000001"
    open_call(house.context, "1700000000.9", number, "12345")
    call_ended(house.context, "1700000000.9")
    until(lambda: house.owed(number), 5, "the debt")
    agent, phone = house.context.acting_as(house.city.agent), house.switchboard.plug_in(FIRST, answer)
    for script, outcome in ((turn_busy(), "waiting"), (hang_up_early(1), "done")):
        citizen = switchboard.network.expect_callback(number, script)
        owed = house.owed(number)
        assert owed is not None
        until(partial(calls_back, agent, house.control, owed.id), what="the telephone of the agent")
        citizen.wait_ended(20)
        phone.calls[-1].wait_ended(20)
        until(partial(is_now, house, number, outcome), 10, "the outcome")
    assert len(phone.calls) == 2
    until(lambda: house.seat(FIRST).state is not SeatState.TALKING, 10, "the end of the talk")
    assert [call.outgoing for call in house.calls(number)] == [False, True, True]


def test_one_in_the_line_is_settled_until_its_citizen_is_dialled(
    house: House, switchboard: Switchboard
) -> None:
    """The agent has a break, and the callback waits in the line; another is settled too late."""
    number = "13600000002"
    rung = switchboard.network.expect_callback(number, ring_out(10))
    agent, phone = house.context.acting_as(house.city.agent), house.switchboard.plug_in(FIRST, answer)
    house.signed_on(house.city.agent, FIRST)
    pause(agent, house.control, FIRST, "break")

    def owes() -> OwedCallback:
        linkedid = f"1700000000.{len(house.calls(number)) + 20}"
        open_call(house.context, linkedid, number, "12345")
        call_ended(house.context, linkedid)
        until(lambda: len(queued(switchboard)) == 1, 20, "the callback in the line")
        owed = house.owed(number)
        assert owed is not None
        return owed

    mark_done(agent, house.control, owes().id, "市民又打来，已经解决")
    until(lambda: not queued(switchboard), 5, "the end of its place")
    house.signed_on(house.city.agent, FIRST)
    time.sleep(2)  # nobody is rung
    assert not phone.calls
    assert not rung.answered.is_set()
    settled = house.owed(number)
    assert settled is not None
    assert (settled.state, settled.done_reason) == (CallbackState.DONE, "市民又打来，已经解决")


def test_one_whose_citizen_is_rung_says_so(house: House, switchboard: Switchboard) -> None:
    number = "13600000003"
    open_call(house.context, "1700000000.31", number, "12345")
    call_ended(house.context, "1700000000.31")
    until(lambda: house.owed(number), 5, "the debt")
    owed = house.owed(number)
    assert owed is not None
    rings = threading.Event()

    def rung(line: Line) -> None:
        line.ring(0.1)
        rings.set()
        line.ring(4)
        line.answer()
        line.listen(1)

    citizen = switchboard.network.expect_callback(number, rung)
    agent = house.context.acting_as(house.city.agent)
    house.switchboard.plug_in(FIRST, answer)
    until(partial(calls_back, agent, house.control, owed.id), what="the telephone of the agent")
    until(rings.is_set, 20, "the telephone of the citizen")
    with pytest.raises(CallbackDialled):
        mark_done(agent, house.control, owed.id, "已经解决")
    citizen.wait_ended(20)
    until(partial(is_now, house, number, "done"), 10, "the outcome")
    reached = house.owed(number)
    assert reached is not None
    assert reached.done_reason == "called_back"


def calls_back(agent: Context, control: AmiCallControl, owed_id: int) -> bool:
    """False while the telephone registers: the network says that it has before the hotline does."""
    try:
        call_now(agent, control, owed_id, FIRST)
    except NoTelephone:
        return False
    return True


def is_now(house: House, number: str, state: str) -> bool:
    owed = house.owed(number)
    return owed is not None and owed.state == state


def hang_up_when(condition: Callable[[], bool]) -> Script:
    def script(line: Line) -> None:
        line.answer()
        line.wait_until(condition, 60)

    return script


def wait_in_line(house: House, queue: str) -> float:
    """Somebody who talks to nobody waits in a queue; returns when it began."""
    began = time.monotonic()
    headers = {"Channel": "Local/s@waiting/n", "Application": "Wait", "Data": "60", "Async": "true"}
    with AmiConnection(ami_account(house.context.settings)) as asterisk:
        asterisk.ask("Originate", headers, {"LINE": queue, "OVERFLOW": "4"})
    return began


def member(switchboard: Switchboard, queue: str, extension: str) -> str:
    """What Asterisk shows of a member of a queue."""
    shown = switchboard.pbx.control(f"queue show {queue}").splitlines()
    return next((line for line in shown if f"desk-{extension}" in line), "penalty of nobody")
