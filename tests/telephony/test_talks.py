"""Hold, consult, transfer, three-way and more on a real PBX: tones tell who hears whom."""

import threading
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.models import Call, Seat, SeatState
from hotline.calls.seats import sign_on
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.conversations import service as talks
from hotline.conversations.emergency import call_emergency
from hotline.conversations.models import PartyEnd, PartyState
from hotline.conversations.rules import Phase, Refusal, TalkRefused
from hotline.database import Database
from hotline.directory.models import DutyPhone
from hotline.people.models import User
from ivr.control import AmiCallControl
from ivr.network import Phone, TelephoneNetwork, turn_busy
from ivr.pbx import Pbx, prepare, seats_of
from ivr.prompts import sounds_folder
from tests.factories import City
from tests.telephony.conftest import private_settings
from tests.telephony.hearing import AGENT, CITIZEN, EXPERT, FIFTH, OTHER, SIXTH
from tests.telephony.ivr_process import running
from tests.telephony.people import Person, Story, call_of
from tests.telephony.sounds import shorten_greeting, write_tone
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

FIRST, SECOND = "1001", "1002"
WATER, POLICE, NOBODY = "84110000", "84110001", "84110009"
MUSIC_HZ = 1900


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """Two agents, and music that is no voice."""
    folder = tmp_path_factory.mktemp("talks")
    settings = private_settings(
        folder, queue_timeout_seconds=60, wrap_up_seconds=0, satisfaction_by_key=False
    )
    shorten_greeting(settings.state_dir)
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
    with context.writing() as session:
        session.get_one(User, city.screener.user_id).extension = SECOND
        session.get_one(User, city.screener.user_id).roles = ["agent"]
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
        self.network, self.number = switchboard.network, number
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

    def over(self, *people: Person) -> None:
        """Everybody hangs up; then it is looked at who heard whom."""
        with self.context.reading() as session:
            legs = [leg.channel for leg in session.get_one(Call, self.call_id).legs]
        for party in self.story.standing().parties:
            self.control.hang_up(party.channel_id)
        for person in (self.citizen, self.agent, *people):
            assert person.call is not None
            person.call.wait_ended(20)
        self.story.check()


@pytest.fixture
def talk(switchboard: Switchboard, context: Context, city: City) -> Talk:
    return Talk(switchboard, context, city, "13800000001")


def test_a_caller_is_held_and_the_agent_consults_joins_and_leaves(talk: Talk) -> None:
    story, citizen, agent = talk.story, talk.citizen, talk.agent
    story.stage("talk", (citizen, {AGENT}), (agent, {CITIZEN}))
    talks.hold(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.HELD)
    story.stage("hold", (citizen, set()), (agent, set()))
    talks.resume(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.TALKING)
    story.stage("back", (citizen, {AGENT}), (agent, {CITIZEN}))
    expert = talk.expect(WATER, EXPERT)
    talks.consult(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    story.until_phase(Phase.CONSULTING)
    story.stage("consult", (citizen, set()), (agent, {EXPERT}), (expert, {AGENT}))
    talks.join(talk.context, talk.control, talk.call_id)
    story.until_talking(3)
    story.stage("three", (citizen, {AGENT, EXPERT}), (agent, {CITIZEN, EXPERT}), (expert, {CITIZEN, AGENT}))
    talks.leave(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.HANDED_OVER)
    story.stage("left", (citizen, {EXPERT}), (expert, {CITIZEN}))
    talk.over(expert)
