"""Worker processes that sweep the same due rows, some of them killed: for a test, and for a benchmark.

Each worker is a process with a database engine of its own, as `hotline sweep` is on each machine.
"""

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import func, select

from hotline.archiving.service import archive_due
from hotline.context import Context
from hotline.database import Database
from hotline.dispatch.service import sign_overdue
from hotline.events import Event
from hotline.follow_up import service as follow_up
from hotline.follow_up.models import Attempt, AttemptOutcome, FollowUp, FollowUpState
from hotline.merging.service import ask_the_rest
from hotline.people.actors import SYSTEM
from hotline.questions.service import go_on_unanswered
from hotline.screening.asking import close_unanswered
from hotline.supervision import watching
from hotline.supervision.models import SupervisionCase
from hotline.suspension.service import resume_due
from hotline.tickets.models import HistoryLine
from tests.factories import FakeTelephone, FixedClock
from tests.waiting import until

AT_A_TIME = 7
"""So few rows a sweep that workers meet one another often."""


@dataclass
class AnsweringCitizens(FakeTelephone):
    """Everybody picks up at once and is satisfied. `calls` is a file that all workers write to."""

    context: Context | None = None
    calls: Path = Path(os.devnull)

    def call_citizen(self, number: str, attempt_id: int, channel_id: str) -> None:
        with self.calls.open("a", encoding="ascii") as file:
            file.write(f"{attempt_id}\n")
        assert self.context is not None
        follow_up.record_answers(self.context, attempt_id, solved=True, satisfaction=1)


def sweep(context: Context, workers: int, kills: int, calls: Path, seed: int) -> None:
    """Workers at once until nothing is due, `kills` of them killed on the way; then as many again, when calls
    of the killed are over and on the half-day after."""
    assert isinstance(context.clock, FixedClock)
    for killed, pause in ((kills, timedelta(minutes=11)), (0, timedelta(days=1)), (0, timedelta())):
        before = _lines(context)
        processes = [_started(context, calls, seed + n) for n in range(workers)]
        for n in range(killed):
            _kill_after(context, processes[n], before + (n + 1) * AT_A_TIME * workers)
        for process in processes:
            process.join(120)
        failed = [process.exitcode for process in processes[killed:] if process.exitcode != 0]
        assert not failed, f"workers ended with {failed}"
        context.clock.advance(seconds=pause.total_seconds())


def faults(context: Context, wanted: Mapping[str, int], calls: Path) -> list[str]:
    """What was done twice, or not at all."""
    return [*_wrong_counts(context, wanted), *_wrong_calls(context, calls), *_told_twice(context)]


def work(context: Context, calls: Path, seed: int) -> None:
    """One worker: every sweep in an order of its own, until a whole round finds nothing."""
    chance = random.Random(seed)  # noqa: S311
    parts = list(_parts(context.acting_as(SYSTEM), calls))
    while True:
        chance.shuffle(parts)
        if not sum(part() for part in parts):
            return


def _parts(context: Context, calls: Path) -> Iterator[Callable[[], int]]:
    telephone = AnsweringCitizens(context=context, calls=calls)
    for part in (
        sign_overdue,
        resume_due,
        close_unanswered,
        go_on_unanswered,
        ask_the_rest,
        archive_due,
    ):
        yield lambda part=part: part(context, AT_A_TIME)  # type: ignore[misc]
    yield lambda: follow_up.dial_due(context, telephone, AT_A_TIME)
    yield lambda: follow_up.give_up_lost_calls(context)
    yield lambda: watching.watch(context)


def _started(context: Context, calls: Path, seed: int) -> BaseProcess:
    """A fork: what is imported is there, and nothing of this process's connections is touched."""
    process = multiprocessing.get_context("fork").Process(target=_in_process, args=(context, calls, seed))
    process.start()
    return process


def _in_process(context: Context, calls: Path, seed: int) -> None:
    work(replace(context, database=Database(context.database.url)), calls, seed)


def _kill_after(context: Context, process: BaseProcess, lines: int) -> None:
    """Our own child, by its id, once so many lines of history stand there, whatever it does then."""
    until(lambda: _lines(context) >= lines or not process.is_alive(), 60, "the workers to do something")
    if process.is_alive() and process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)


def _lines(context: Context) -> int:
    with context.reading() as session:
        return session.scalar(select(func.count()).select_from(HistoryLine)) or 0


def _wrong_counts(context: Context, wanted: Mapping[str, int]) -> Iterator[str]:
    with context.reading() as session:
        lines = select(HistoryLine.ticket_id, HistoryLine.event, func.count())
        counted = session.execute(lines.group_by(HistoryLine.ticket_id, HistoryLine.event)).all()
        cases = session.scalar(select(func.count()).select_from(SupervisionCase)) or 0
        failed = select(func.count()).where(Attempt.outcome == AttemptOutcome.FAILED)
        lost = session.scalar(failed.select_from(Attempt)) or 0
    total: Counter[str] = Counter()
    for ticket_id, event, times in counted:
        total[event] += times
        if event in wanted and times > 1:
            yield f"ticket {ticket_id}: {event} {times} times"
    for event, times in wanted.items():
        if total[event] < times:
            yield f"{event}: {total[event]} of {times}"
    if total["supervision_begun"] != cases or not cases:
        yield f"{cases} cases, {total['supervision_begun']} of them told"
    if total["follow_up_attempt"] != lost:
        yield f"{lost} calls were lost, {total['follow_up_attempt']} of them told"


def _wrong_calls(context: Context, calls: Path) -> Iterator[str]:
    """Nobody is called twice for one try; and whoever was lost is called again, once for each loss."""
    with context.reading() as session:
        attempts = session.scalars(select(Attempt)).all()
        waiting = session.scalars(
            select(FollowUp.id).where(FollowUp.state.in_((FollowUpState.DUE, FollowUpState.CALLING)))
        ).all()
    dialled = Counter(int(line) for line in calls.read_text(encoding="ascii").split())
    yield from (f"attempt {one}: dialled {times} times" for one, times in dialled.items() if times > 1)
    answered = Counter(one.follow_up_id for one in attempts if one.outcome is AttemptOutcome.ANSWERED)
    yield from (f"follow-up {one}: answered {times} times" for one, times in answered.items() if times > 1)
    yield from (f"attempt {one.id}: nobody knows its end" for one in attempts if one.outcome is None)
    yield from (f"follow-up {one}: still waits" for one in waiting)


def _told_twice(context: Context) -> Iterator[str]:
    """Every merged citizen is owed one call, and that is told once."""
    query = select(Event.subject, func.count()).where(Event.kind == "ticket.reply_accepted")
    with context.reading() as session:
        told = session.execute(query.group_by(Event.subject).having(func.count() > 1)).all()
    return (f"{subject}: owed a call {times} times" for subject, times in told)
