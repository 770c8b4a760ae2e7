"""A citizen who talks with an agent, and everybody whom that agent may call: all hum."""

from collections.abc import Iterator
from datetime import time
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.models import Call, Seat, SeatState
from hotline.calls.ports import Legs
from hotline.calls.seats import sign_off, sign_on
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.conversations.models import Party, PartyState
from hotline.conversations.rules import Phase
from hotline.database import Database
from hotline.directory.models import DutyPhone
from hotline.people.actors import Role
from hotline.people.models import User
from ivr.control import AmiCallControl
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from ivr.prompts import sounds_folder
from tests.factories import City, user
from tests.telephony.conftest import private_settings
from tests.telephony.hearing import AGENT, CITIZEN, OTHER
from tests.telephony.ivr_process import running
from tests.telephony.people import Person, Story, call_of
from tests.telephony.sounds import shorten_greeting, write_tone
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

FIRST, SECOND = "1001", "1002"
WATER, POLICE, NOBODY = "84110000", "84110001", "84110009"
MUSIC_HZ = 2200


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """Two agents, and music that is no voice."""
    folder = tmp_path_factory.mktemp("talks")
    settings = private_settings(
        folder, queue_timeout_seconds=60, wrap_up_seconds=0, satisfaction_by_key=False
    )
    shorten_greeting(settings.state_dir)
    for prompt in ("relay-department", "relay-citizen", "party-gone", "thanks"):
        write_tone(settings.state_dir / "prompts" / "zh" / f"{prompt}.wav", MUSIC_HZ, 0.2)
    music = sounds_folder(settings) / "music"
    music.mkdir(parents=True)
    write_tone(music / "tone.wav", MUSIC_HZ, 10)
    seats = tuple(seats_of([FIRST, SECOND], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@pytest.fixture(scope="module")
def context(switchboard: Switchboard, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The core with `hotline ivr` beside it."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('core') / 'hotline.sqlite'}")
    database.upgrade()
    found = Context(database, SystemClock(), switchboard.settings)
    with running(found, switchboard):
        yield found


@pytest.fixture(scope="module")
def city(context: Context) -> City:
    """Two agents with seats, and duty telephones."""
    city = City.founded(context)
    user(context, city.hotline_id, Role.AGENT, extension=SECOND)
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
        phone = self.network.agent_phone(FIRST, seat.password, self.agent.script())
        sign_on(self.context, self.control, FIRST)
        self.citizen.call = self.network.citizen_calls(number, self.citizen.script())
        call = until(lambda: call_of(context, number), 20, "the call")
        self.story = Story(context, call.id)
        self.call_id = call.id
        self.story.until_phase(Phase.TALKING, 20)
        self.agent.call = phone.calls[-1]

    def expect(self, number: str, voice: int) -> Person:
        """Somebody behind the trunk will pick up and hum."""
        person = Person(voice)
        person.call = self.network.expect_callback(number, person.script())
        return person

    def phone_id(self, number: str) -> str:
        with self.context.reading() as session:
            return f"phone:{session.scalars(select(DutyPhone.id).where(DutyPhone.phone == number)).one()}"

    def second_agent(self, ring: float = 0.0) -> Person:
        """Another agent is ready, and will pick up and hum."""
        person = Person(OTHER, ring)
        seat = self.switchboard.seats[1]
        self.phone = self.network.agent_phone(SECOND, seat.password, person.script())
        sign_on(self.context_of(SECOND), self.control, SECOND)
        until(lambda: self.seat_is(SECOND, SeatState.READY), what="the second agent")
        return person

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

    def owner(self) -> str | None:
        """Extension of the agent whose call it is."""
        with self.context.reading() as session:
            agent = session.get_one(Call, self.call_id).agent
            return agent.extension if agent else None

    def nobody_is_left(self) -> None:
        """No channel is up, and the core knows it."""
        control = self.switchboard.pbx.control
        until(lambda: control("core show channels count").startswith("0 active channels"), 20, "quiet")
        left = PartyState.LEFT
        until(lambda: {party.state for party in self.story.standing().parties} == {left}, what="the end")
        assert self.story.standing().phase is Phase.OVER

    def seat_is(self, extension: str, *states: SeatState) -> bool:
        """Whether the core shows one of these states, and a registered telephone."""
        with self.context.reading() as session:
            seat = session.scalar(select(Seat).where(Seat.extension == extension))
            return seat is not None and seat.state in states and seat.registered

    def over(self, *people: Person) -> None:
        """Everybody hangs up; then it is looked at who heard whom."""
        for party in self.story.standing().parties:
            self.control.hang_up(party.channel_id)
        for person in (self.citizen, self.agent, *people):
            assert person.call is not None
            person.call.wait_ended(20)
        self.story.check()


_numbers = count(13800000001)


@pytest.fixture
def talk(switchboard: Switchboard, context: Context, city: City) -> Iterator[Talk]:
    """A new call; the seats take no calls afterwards."""
    made = Talk(switchboard, context, city, str(next(_numbers)))
    yield made
    switchboard.pbx.control("channel request hangup all")
    until(lambda: switchboard.pbx.control("core show channels count").startswith("0 active channels"))
    for seat in switchboard.seats:
        sign_off(made.context, made.control, seat.extension)
