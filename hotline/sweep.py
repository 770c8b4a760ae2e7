"""One pass over everything that is due (the `hotline sweep` process runs it every second).

Each part stands alone: what fails in one is logged by its class and the others still run; rows stay due and
the next pass tries again.
"""

import threading
import time
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.archiving import service as archiving
from hotline.callbacks import service as callbacks
from hotline.calls import misses, reachability
from hotline.calls.ports import CallControl, TelephoneAway
from hotline.citizens import guessing
from hotline.consistency.checking import Checker
from hotline.context import Context
from hotline.dispatch import service as dispatch
from hotline.dossiers import service as dossiers
from hotline.dossiers.ports import Workshop
from hotline.follow_up import service as follow_up
from hotline.imports import service as imports
from hotline.incidents import groups
from hotline.merging import service as merging
from hotline.people import sign_ins
from hotline.presence import service as presence
from hotline.questions import service as questions
from hotline.queueing import reserve, waits
from hotline.rechecks import service as rechecks
from hotline.referrals import service as referrals
from hotline.retention import anonymising
from hotline.retention import service as retention
from hotline.screening import asking
from hotline.supervision import alarms
from hotline.supervision import watching as supervision
from hotline.suspension import service as suspension
from hotline.viewing import service as viewing

PAUSE_SECONDS = 1.0
SLOW_SECONDS = 600.0

_log = structlog.get_logger()


def passes(
    context: Context, control: CallControl, workshop: Workshop | None = None
) -> dict[str, Callable[[], int]]:
    """The parts of a sweep by name; each returns how many rows it acted on.

    Without a `workshop` no files of tickets are made.
    """
    making = {"dossiers": lambda: dossiers.make_due(context, workshop)} if workshop else {}
    return making | {
        "wrap_up": lambda: reachability.end_wrap_up(context, control),
        "telephones": lambda: reachability.watch(context, control),
        "reserve": lambda: reserve.keep_reserve(context, control),
        "missed_calls": lambda: misses.pause_absent(context, control),
        "waits": lambda: waits.tell_waits(context, control),
        "callbacks": lambda: callbacks.take_turns(context, control),
        "unsigned": lambda: dispatch.sign_overdue(context),
        "suspensions": lambda: suspension.resume_due(context),
        "lost_follow_ups": lambda: follow_up.give_up_lost_calls(context),
        "unanswered": lambda: asking.close_unanswered(context),
        "receipts": lambda: referrals.tell_overdue(context),
        "unit_questions": lambda: questions.go_on_unanswered(context),
        "rechecks": lambda: rechecks.tell_due(context),
        "merged": lambda: merging.ask_the_rest(context),
        "groups": lambda: groups.watch(context),
        "presence": lambda: presence.forget_gone(context),
        "follow_ups": lambda: follow_up.dial_due(context, control),
    }


def slow_passes(context: Context) -> dict[str, Callable[[], int]]:
    """Parts that nobody waits for: every `SLOW_SECONDS`."""
    return {
        "retention": lambda: retention.delete_due(context),
        "anonymising": lambda: anonymising.anonymise_due(context),
        "supervision": lambda: supervision.watch(context),
        "late_answers": lambda: alarms.tell_late(context),
        "old_dossiers": lambda: dossiers.forget_old(context),
        "guesses": lambda: guessing.forget_old(context),
        "imports": lambda: imports.forget_undone(context),
        "views": lambda: viewing.forget_old(context),
        "sign_ins": lambda: sign_ins.forget_old(context),
        "archive": lambda: archiving.archive_due(context),
    }


def sweep_once(context: Context, control: CallControl, workshop: Workshop | None = None) -> dict[str, int]:
    """Run every part once. Returns what each did; -1 where it failed."""
    return _run_all(passes(context, control, workshop))


def sweep_slowly(context: Context) -> dict[str, int]:
    """The same with the slow parts."""
    return _run_all(slow_passes(context))


def _run_all(parts: Mapping[str, Callable[[], int]]) -> dict[str, int]:
    done: dict[str, int] = {}
    for name, part in parts.items():
        try:
            done[name] = part()
        except (SQLAlchemyError, TelephoneAway, LookupError, OSError, ValueError) as error:
            _log.error("sweep failed", part=name, error=type(error).__name__)
            done[name] = -1
        if done[name] > 0:
            _log.info("swept", part=name, rows=done[name])
    return done


def run(
    context: Context, control: CallControl, stop: threading.Event, workshop: Workshop | None = None
) -> None:
    """Sweep until told to stop."""
    slow_due = time.monotonic()
    checker = Checker(context)
    while not stop.is_set():
        sweep_once(context, control, workshop)
        _run_all({"consistency": checker.check_due})
        if time.monotonic() >= slow_due:
            sweep_slowly(context)
            slow_due = time.monotonic() + SLOW_SECONDS
        stop.wait(PAUSE_SECONDS)
