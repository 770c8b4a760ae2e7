"""The process `hotline ivr` beside the private PBX: within the test, or as a process that can be killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from hotline.calls.models import Call
from hotline.context import Context
from hotline.follow_up.spoken import Listener
from hotline.transcripts.models import Recording
from ivr.service import run
from tests.telephony.switchboard import Switchboard
from tests.waiting import until


@contextmanager
def running(context: Context, switchboard: Switchboard, listener: Listener | None = None) -> Iterator[None]:
    """Scripts, events and reconciliation in threads of the test; `listener` understands spoken answers."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(context, stop), kwargs={"listener": listener})
    thread.start()
    try:
        _until_logged_in(switchboard)
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


@contextmanager
def killable(context: Context, switchboard: Switchboard) -> Iterator["Killable"]:
    """The command itself; killed at the end if it still runs."""
    process = Killable(context)
    try:
        _until_logged_in(switchboard)
        yield process
    finally:
        process.kill()


class Killable:
    """`hotline run ivr` with the test's settings and database."""

    def __init__(self, context: Context) -> None:
        settings = context.settings.model_copy(update={"database_url": context.database.url})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hotline", "run", "ivr"],
            env=os.environ | settings.environment(),
            stdin=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """As a machine does that runs out of memory: no last words."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)


def call_row(context: Context, linkedid: str) -> Call | None:
    """The call with its contact and legs, if it is known."""
    with context.reading() as session:
        call = session.scalar(select(Call).where(Call.linkedid == linkedid))
        return call if call and call.contact and call.legs is not None else None


def recording_row(context: Context, linkedid: str) -> Recording | None:
    """The call's recording with its tracks, if it is registered."""
    with context.reading() as session:
        recording = session.scalar(select(Recording).join(Call).where(Call.linkedid == linkedid))
        return recording if recording and recording.tracks else None


def _until_logged_in(switchboard: Switchboard) -> None:
    def logged_in() -> bool:
        return "hotline" in switchboard.pbx.control("manager show connected")

    until(logged_in, 20, "the login of the ivr process")
