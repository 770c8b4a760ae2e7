"""A switchboard and a city by the plan of these tests; each file has its own."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from hotline.call_plan import service
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import Role
from hotline.queueing.models import Skill
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City, user
from tests.telephony.call_plan.plan import (
    ENGLISH_HZ,
    GREETING_HZ,
    GREETING_SECONDS,
    HEALTH_HZ,
    KEYS_HZ,
    LEADER_SEAT,
    merged,
)
from tests.telephony.conftest import private_settings
from tests.telephony.sounds import write_tone
from tests.telephony.switchboard import Switchboard


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """Greetings are tones here: 440 Hz, of the health line 900 Hz, in English 1900 Hz."""
    settings = private_settings(
        tmp_path_factory.mktemp("plan"), queue_timeout_seconds=30, wrap_up_seconds=0, announce_after_seconds=2
    )
    for language, prompt, hertz in (
        ("zh", "greeting", GREETING_HZ),
        ("zh", "recording-notice", GREETING_HZ),
        ("zh", "please-hold", HEALTH_HZ),
        ("en", "greeting", ENGLISH_HZ),
        ("en", "recording-notice", ENGLISH_HZ),
        ("zh", "echo-test", KEYS_HZ),
    ):
        folder = settings.state_dir / "prompts" / language
        folder.mkdir(parents=True, exist_ok=True)
        write_tone(folder / f"{prompt}.wav", hertz, GREETING_SECONDS)
    seats = tuple(seats_of(["1001", LEADER_SEAT], settings.secrets.sip))
    pbx = Pbx(prepare(settings, seats))
    with pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@pytest.fixture(scope="module")
def context(
    switchboard: Switchboard, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Context]:
    path = tmp_path_factory.mktemp("plan-database") / "hotline.sqlite"
    shutil.copyfile(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    yield Context(database, SystemClock(), switchboard.settings)
    database.dispose()


@pytest.fixture(scope="module")
def supervising(context: Context) -> Context:
    """A city with two skills and a leader, whose plan merges eight lines."""
    city = City.founded(context)
    user(context, city.water_id, Role.AGENT, extension=LEADER_SEAT)
    with context.writing() as session:
        session.add(Skill(code="health", name_zh="卫生", name_en="Health", overflow_seconds=60))
        session.add(Skill(code="yue", name_zh="粤语", name_en="Cantonese", overflow_seconds=60))
    supervisor = context.acting_as(city.supervisor)
    today = context.now().astimezone(context.settings.zone).date()
    revision = service.change_draft(supervisor, service.begin_draft(supervisor), partial(merged, today))
    service.make_live(supervisor, revision, "八条热线并入")
    return supervisor
