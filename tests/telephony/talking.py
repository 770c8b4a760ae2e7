"""A citizen who talks with an agent, and everybody whom that agent may call: all hum."""

import shutil
from collections.abc import Iterator
from datetime import time
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select

from hotline.callbacks.service import call_now, take_turns
from hotline.calls.models import Call, CallState, OwedCallback, Seat, SeatState
from hotline.calls.ports import Legs
from hotline.calls.seats import sign_off
from hotline.calls.service import call_ended, open_call
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.conversations import service as talks
from hotline.conversations.models import Party, PartyState
from hotline.conversations.rules import Phase
from hotline.database import Database
from hotline.directory.models import DutyPhone
from hotline.monitoring.models import Mode
from hotline.monitoring.queries import session_of
from hotline.monitoring.rules import NoOwnTelephone
from hotline.monitoring.service import supervise
from hotline.people.actors import Role
from hotline.people.models import User
from ivr.ami.client import AmiConnection
from ivr.control import AmiCallControl, ami_account
from ivr.leg_watch import BROKEN_CAUSE
from ivr.network import NetworkCall, TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from ivr.prompts import sounds_folder
from tests.factories import City, user
from tests.telephony.conftest import private_settings
from tests.telephony.hearing import AGENT, CITIZEN, OTHER, SUPERVISOR
from tests.telephony.ivr_process import running
from tests.telephony.people import Person, Story, call_of
from tests.telephony.signing_on import sign_on_when_there
from tests.telephony.sounds import shorten_greeting, write_tone
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

FIRST, SECOND, BOSS = "1001", "1002", "1003"
WATER, POLICE, NOBODY = "84110000", "84110001", "84110009"
MUSIC_HZ = 2200


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """Two agents and a supervisor, and music that is no voice."""
    folder = tmp_path_factory.mktemp("talks")
    settings = private_settings(
        folder,
        queue_timeout_seconds=60,
        wrap_up_seconds=0,
        satisfaction_by_key=False,
        callback_delay_seconds=0,
        outgoing_calls_a_minute=60,  # one agent makes the calls of a whole file
    )
    shorten_greeting(settings.state_dir)
    for prompt in ("relay-department", "relay-citizen", "party-gone", "thanks"):
        write_tone(settings.state_dir / "prompts" / "zh" / f"{prompt}.wav", MUSIC_HZ, 0.2)
    music = sounds_folder(settings) / "music"
    music.mkdir(parents=True)
    write_tone(music / "tone.wav", MUSIC_HZ, 10)
    seats = tuple(seats_of([FIRST, SECOND, BOSS], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@pytest.fixture(scope="module")
def context(
    switchboard: Switchboard, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Context]:
    """The core with `hotline ivr` beside it."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("core"))
    found = Context(Database(f"sqlite:///{path}"), SystemClock(), switchboard.settings)
    with running(found, switchboard):
        yield found


@pytest.fixture(scope="module")
def city(context: Context) -> City:
    """Two agents and a supervisor with seats, and duty telephones."""
    city = City.founded(context)
    user(context, city.hotline_id, Role.AGENT, Role.SUPERVISOR, extension=SECOND)
    user(context, city.hotline_id, Role.SUPERVISOR, extension=BOSS)
    with context.writing() as session:
        for department_id, phone in (
            (city.water_id, WATER),
            (city.police_id, POLICE),
            (city.police_id, NOBODY),
        ):
            session.add(
                DutyPhone(
                    department_id=department_id,
                    phone=phone,
                    label="值班",
                    from_time=time(0),
                    until_time=time(0),
                )
            )
    return city


class Talk:
    """A citizen who talks with the first agent."""

    def __init__(self, switchboard: Switchboard, context: Context, city: City, number: str) -> None:
        self.switchboard, self.network, self.city = switchboard, switchboard.network, city
        self.number = number
        self.context = context.acting_as(city.agent)
        self.control = AmiCallControl(switchboard.settings)
        self.citizen, self.agent = Person(CITIZEN), Person(AGENT)
        seat = switchboard.seats[0]
        self.agent_phone = self.network.agent_phone(FIRST, seat.password, self.agent.script())
        sign_on_when_there(self.context, self.control, FIRST)
        self.citizen.call = self.connect()
        call = until(lambda: call_of(context, number), 20, "the call")
        self.story = Story(context, call.id)
        self.call_id = call.id
        self.story.until_phase(Phase.TALKING, 20)
        self.agent.call = self.agent_phone.calls[-1]

    def connect(self) -> NetworkCall:
        """The citizen calls the hotline."""
        return self.network.citizen_calls(self.number, self.citizen.script())

    def hold_and_take_back(self) -> None:
        """The citizen is on hold, where nobody hears anybody, and then talks with the agent again."""
        made = self.context, self.control, self.call_id
        talks.hold(*made)
        self.story.until_phase(Phase.HELD)
        self.story.stage("hold", (self.citizen, set()), (self.agent, set()))
        talks.resume(*made)
        self.story.until_phase(Phase.TALKING)
        self.story.stage("back", (self.citizen, {AGENT}), (self.agent, {CITIZEN}))

    def consult(self, number: str, voice: int) -> Person:
        """The agent asks somebody, whom the citizen does not hear."""
        asked = self.expect(number, voice)
        talks.consult(self.context, self.control, self.call_id, self.phone_id(number))
        self.story.until_phase(Phase.CONSULTING)
        self.story.stage("consult", (self.citizen, set()), (self.agent, {voice}), (asked, {AGENT}))
        return asked

    def expect(self, number: str, voice: int) -> Person:
        """Somebody behind the trunk will pick up and hum."""
        person = Person(voice)
        person.call = self.network.expect_callback(number, person.script())
        return person

    def phone_id(self, number: str) -> str:
        with self.context.reading() as session:
            return f"phone:{session.scalars(select(DutyPhone.id).where(DutyPhone.phone == number)).one()}"

    def second_agent(self, ring: float = 0.0) -> Person:
        """Another agent is ready, or has whoever waited for one already, and will pick up and hum."""
        person = Person(OTHER, ring)
        seat = self.switchboard.seats[1]
        self.phone = self.network.agent_phone(SECOND, seat.password, person.script())
        sign_on_when_there(self.context_of(SECOND), self.control, SECOND)
        there = SeatState.READY, SeatState.RINGING, SeatState.TALKING
        until(lambda: self.seat_is(SECOND, *there), what="the second agent")
        return person

    def supervisor(self) -> Person:
        """A supervisor's telephone is there, and will pick up and hum."""
        person = Person(SUPERVISOR)
        self.boss = self.context_of(BOSS)
        self.boss_phone = self.network.agent_phone(BOSS, self.switchboard.seats[2].password, person.script())
        until(lambda: self.seat_is(BOSS, SeatState.OFFLINE), what="the supervisor's telephone")
        return person

    def supervise(self, person: Person, mode: Mode) -> None:
        """The supervisor is with the call in this way, as the telephone says."""
        until(lambda: self.is_taken(mode), what="the supervisor's telephone")
        until(lambda: self.supervised_as(mode), 20, f"the supervisor to {mode}")
        person.call = self.boss_phone.calls[-1]

    def is_taken(self, mode: Mode) -> bool:
        """False while the telephone registers anew: the network says that it has before the hotline does."""
        try:
            supervise(self.boss, self.control, self.call_id, mode)
        except NoOwnTelephone:
            return False
        return True

    def supervised_as(self, mode: Mode) -> bool:
        """Whether the supervisor is in the call so; who takes over has it."""
        with self.context.reading() as session:
            now = session_of(session, self.boss.actor.user_id)
        if now is None or now.mode is not mode or now.answered_at is None:
            return False
        return (now.joined_at is not None) is mode.joins and (
            (self.owner() == BOSS) is (mode is Mode.TAKE_OVER)
        )

    def party(self, party_id: int | None) -> Party:
        """Somebody whom the agent rang, as the core has them now."""
        with self.context.reading() as session:
            return session.get_one(Party, party_id)

    def folder(self) -> Path:
        """Where the recordings of the call are."""
        with self.context.reading() as session:
            return self.switchboard.folder(session.get_one(Call, self.call_id).linkedid)

    def context_of(self, extension: str) -> Context:
        """The core as the agent at this seat."""
        with self.context.reading() as session:
            person = session.scalars(select(User).where(User.extension == extension)).one()
            return self.context.acting_as(person.actor())

    def legs(self) -> Legs:
        """The channels of the caller and of the agent whose call it is."""
        now = self.story.standing()
        assert now.caller is not None
        assert now.agent is not None
        return Legs(now.caller.channel_id, now.agent.channel_id)

    def break_line(self, channel_id: str) -> None:
        """A leg ends as one whose browser is gone (`ivr/leg_watch.py`)."""
        with AmiConnection(ami_account(self.switchboard.settings)) as asterisk:
            asterisk.ask("Hangup", {"Channel": channel_id, "Cause": BROKEN_CAUSE})

    def owner(self) -> str | None:
        """Extension of the agent whose call it is."""
        with self.context.reading() as session:
            agent = session.get_one(Call, self.call_id).agent
            return agent.extension if agent else None

    def until_quiet(self) -> None:
        """No channel is up."""
        control = self.switchboard.pbx.control
        until(lambda: control("core show channels count").startswith("0 active channels"), 20, "quiet")

    def nobody_is_left(self) -> None:
        """No channel is up, and the core knows it."""
        self.until_quiet()
        left = PartyState.LEFT
        until(lambda: {party.state for party in self.story.standing().parties} == {left}, what="the end")
        assert self.story.standing().phase is Phase.OVER

    def state(self) -> CallState:
        """Of the call."""
        with self.context.reading() as session:
            return session.get_one(Call, self.call_id).state

    def seat_state(self, extension: str) -> SeatState | None:
        """What the core shows of a seat."""
        with self.context.reading() as session:
            return session.scalar(select(Seat.state).where(Seat.extension == extension))

    def seat_is(self, extension: str, *states: SeatState) -> bool:
        """Whether the core shows one of these states, and a registered telephone."""
        with self.context.reading() as session:
            seat = session.scalar(select(Seat).where(Seat.extension == extension))
            return seat is not None and seat.state in states and seat.registered

    def is_registered(self, extension: str) -> bool:
        """Whether the core knows of a telephone at this seat."""
        with self.context.reading() as session:
            return session.scalar(select(Seat.registered).where(Seat.extension == extension)) is True

    def over(self, *people: Person) -> None:
        """Everybody hangs up; then it is looked at who heard whom."""
        for party in self.story.standing().parties:
            self.control.hang_up(party.channel_id)
        for person in (self.citizen, self.agent, *people):
            assert person.call is not None
            person.call.wait_ended(60)
        self.story.check()


class CalledBack(Talk):
    """The citizen hung up while waiting, and the hotline calls back."""

    def connect(self) -> NetworkCall:
        """The agent's telephone rings, then the citizen's."""
        linkedid = f"1700000000.{self.number}"
        open_call(self.context, linkedid, self.number, self.context.settings.hotline_number)
        call_ended(self.context, linkedid)
        expected = self.network.expect_callback(self.number, self.citizen.script())
        self.begin()
        until(lambda: self.citizen.answered_at, 30, "the citizen to pick up")
        return expected

    def begin(self) -> None:
        """The callback has its turn in the line."""
        until(lambda: take_turns(self.context, self.control) == 1, 20, "the callback's turn")


class CalledBackByHand(CalledBack):
    """The agent calls back out of turn."""

    def begin(self) -> None:
        """A button of the agent's."""
        with self.context.reading() as session:
            owed_id = session.scalars(select(OwedCallback.id).where(OwedCallback.number == self.number)).one()
        call_now(self.context, self.control, owed_id, FIRST)


_numbers = count(13800000001)
Made = TypeVar("Made", bound=Talk)


@pytest.fixture
def talk(switchboard: Switchboard, context: Context, city: City) -> Iterator[Talk]:
    """A new call; the seats take no calls afterwards."""
    yield from _talking(Talk(switchboard, context, city, str(next(_numbers))))


@pytest.fixture(params=[CalledBack, CalledBackByHand])
def called_back(
    request: pytest.FixtureRequest, switchboard: Switchboard, context: Context, city: City
) -> Iterator[CalledBack]:
    """A new callback of either kind; the seats take no calls afterwards."""
    yield from _talking(request.param(switchboard, context, city, str(next(_numbers))))


def _talking(made: Made) -> Iterator[Made]:
    switchboard = made.switchboard
    yield made
    switchboard.pbx.control("channel request hangup all")
    until(lambda: switchboard.pbx.control("core show channels count").startswith("0 active channels"))
    for seat in switchboard.seats:
        sign_off(made.context, made.control, seat.extension)
