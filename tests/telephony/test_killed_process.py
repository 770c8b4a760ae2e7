"""`hotline run ivr` is killed in the middle of a call: the call goes on, and no fact of it is lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.calls.models import Call, CallEnd, CallState
from hotline.clock import SystemClock
from hotline.config import FILE_VARIABLE
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.database import Database
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Recording, Speaker
from ivr.network import NetworkCall, complain, talk_as_agent
from ivr.network.calls import EndedBy
from tests.factories import City
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, tone_seconds
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13855556666"


@pytest.fixture
def context(switchboard: Switchboard, sqlite_database: Database) -> Context:
    settings = switchboard.settings.model_copy(update={"database_url": str(sqlite_database.url)})
    return Context(sqlite_database, SystemClock(), settings)


class IvrProcess:
    """`hotline run ivr` for the length of a `with` block, unless it is killed before."""

    def __init__(self, context: Context, log: Path) -> None:
        self._environment = os.environ | context.settings.environment() | {FILE_VARIABLE: os.devnull}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "IvrProcess":
        with self._log.open("ab") as log:
            words = [sys.executable, "-m", "hotline", "run", "ivr"]
            self._process = subprocess.Popen(words, env=self._environment, stdout=log, stderr=log)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait(20)

    def kill(self) -> None:
        """As the kernel does when memory runs out: no farewell."""
        assert self._process is not None
        self._process.kill()
        assert self._process.wait(5) == -signal.SIGKILL


def the_call(context: Context, state: CallState) -> Call | None:
    with context.reading() as session:
        return session.scalar(
            select(Call).join(Contact).where(Contact.number == CITIZEN, Call.state == state)
        )


def recording_of(context: Context, call: Call) -> Recording | None:
    with context.reading() as session:
        recording = session.scalar(select(Recording).where(Recording.call_id == call.id))
        return recording if recording is not None and recording.tracks else None


def test_a_call_survives_the_death_of_the_process(
    switchboard: Switchboard, context: Context, citizen_tone: Path, agent_tone: Path, tmp_path: Path
) -> None:
    City.founded(context)
    seat, log, killed = switchboard.seats[0], tmp_path / "ivr.log", []
    phone = switchboard.network.agent_phone(seat.extension, seat.password, talk_as_agent([agent_tone]))
    with switchboard.seat_in_queue(seat):
        citizen_waits = complain(
            [citizen_tone], until=lambda: bool(killed), before_hanging_up=lambda: _said(phone.calls)
        )
        with IvrProcess(context, log) as process:
            until(lambda: "ivr.running" in log.read_text(), 20, "the process to run")
            citizen = switchboard.network.citizen_calls(CITIZEN, citizen_waits)
            until(lambda: the_call(context, CallState.TALKING), 30, "the talk in the database")
            process.kill()
            killed.append(True)
        assert citizen.wait_ended(30) is EndedBy.US
    assert the_call(context, CallState.ENDED) is None
    with IvrProcess(context, log):
        call = until(lambda: the_call(context, CallState.ENDED), 30, "the end of the call")
        recording = until(lambda: recording_of(context, call), 30, "the recording")

    assert call.end is CallEnd.TALKED
    with context.reading() as session:
        tickets = select(func.count()).select_from(Ticket).where(Ticket.complainant_phone == CITIZEN)
        assert session.scalar(tickets) == 1
        tracks = {track.speaker: track.path for track in session.merge(recording).tracks}
    spool = context.settings.spool_dir
    assert tone_seconds(spool / tracks[Speaker.CALLER], CITIZEN_HZ) > 1
    assert tone_seconds(spool / tracks[Speaker.AGENT], AGENT_HZ) > 1


def _said(calls: list[NetworkCall]) -> bool:
    return any(step.name == "say" for step in calls[-1].steps)
