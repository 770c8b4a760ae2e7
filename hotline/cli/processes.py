"""The processes of the hotline, each in the foreground until SIGTERM.

Each imports the entities, which refer to one another, and of the rest what it needs alone: all of them start
at once, and most of that time is spent in imports.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

from hotline import all_models, journal
from hotline.cli.memory import keep_what_is_loaded
from hotline.config import Settings
from hotline.context import Context
from hotline.dossiers.ports import Workshop
from hotline.follow_up.spoken import Listener

_ = all_models

SSE_THREADS = 320  # one a page that is open, and some for requests


def pbx(settings: Settings) -> None:
    """Asterisk, from freshly written configuration."""
    from hotline.call_plan.queries import numbers_at
    from hotline.people.queries import seats
    from hotline.queueing.queries import skill_queues
    from ivr.pbx import command, prepare, seats_of

    context = Context.of(settings)
    with context.reading() as session:
        extensions, lines = seats(session), skill_queues(session)
        numbers = numbers_at(session, settings, context.now())
    context.database.dispose()
    prepare(settings, seats_of(extensions, settings.secrets.sip), lines, numbers)
    words = command(settings)
    os.execv(words[0], words)  # noqa: S606 (so that signals of the process manager reach it)


def ivr(settings: Settings) -> None:
    """FastAGI scripts, AMI events, reconciliation."""
    from ivr.agi.server import take_short_turns
    from ivr.service import run

    journal.start("ivr")
    take_short_turns()
    keep_what_is_loaded()
    run(Context.of(settings), _until_told(), listener=_listener(settings))


def _listener(settings: Settings) -> Listener | None:
    """Who understands citizens' spoken answers, if they may speak."""
    if not settings.spoken_answers:
        return None
    from recordings.recogniser import Recogniser
    from recordings.short_answers import ShortAnswers

    return ShortAnswers(lambda: Recogniser(settings.vosk_model))


def live(settings: Settings) -> None:
    """What is said becomes text meanwhile."""
    from hotline.cli.live import follow

    journal.start("live")
    follow(settings, _until_told())


def transcribe(settings: Settings) -> None:
    """Finished recordings become text."""
    from recordings.speech_models import Models
    from recordings.tracks import Spool
    from recordings.transcriber import Transcriber
    from recordings.workers import run_workers

    journal.start("transcribe")
    stop = _until_told()
    models, spool = Models.of(settings), Spool.of(settings)

    def work(told: threading.Event) -> None:
        worker = f"{socket.gethostname()}:{os.getpid()}"
        Transcriber(Context.of(settings), models, spool, worker).run(told)

    if settings.transcribe_workers == 1 or settings.vosk_device == "gpu":
        work(stop)
    else:
        run_workers(settings.transcribe_workers, work, stop)


def sweep_due(settings: Settings) -> None:
    """Due rows."""
    from hotline import sweep
    from hotline.queueing.queries import memberships
    from ivr.control import AmiCallControl
    from recordings.tracks import Spool

    journal.start("sweep")
    context = Context.of(settings)
    control = AmiCallControl(settings, queues_of=memberships(context))
    sweep.run(context, control, _until_told(), Workshop(Spool.of(settings), _sheet))


def _sheet(content: Mapping[str, Any], zone: ZoneInfo) -> bytes:
    """The console's words and letters are slow to import, and few processes print."""
    from agent_console.dossiers.printing import sheet_of

    return sheet_of(content, zone)


def mail(settings: Settings) -> None:
    """Letters of the mailbox, and those that go out."""
    from hotline.mailbox.service import run
    from hotline.outbox.sending import send_due

    journal.start("mail")
    run(Context.of(settings), _until_told(), send_due)


def web(settings: Settings) -> None:
    """The console, served by gunicorn."""
    from hotline.cli.web import serve

    journal.start("web")
    serve(settings, threads=SSE_THREADS)


PROCESSES: Mapping[str, Callable[[Settings], None]] = {
    "pbx": pbx,
    "ivr": ivr,
    "live": live,
    "transcribe": transcribe,
    "sweep": sweep_due,
    "mail": mail,
    "web": web,
}


def _until_told() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    return stop
