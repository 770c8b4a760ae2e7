"""Every call is held against its tickets: the event log says when, a row of the call waits for a worker.

A worker claims a row by one conditional UPDATE and has two minutes; one that dies gives it back. What failed
three times is set aside with its reason, and stands on the reviewers' page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call
from hotline.consistency.facts import facts_of, findings_of
from hotline.consistency.keeping import keep, tell
from hotline.consistency.models import ConsistencyCheck, LogPosition
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.events import Event
from hotline.suggestions.queries import Librarian
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Recording, RecordingState

MOST_TRIES = 3
CLAIM_LASTS = timedelta(minutes=2)
RETRY_AFTER = timedelta(seconds=30)
MOST_A_PASS = 3
"""The sweep has other things to do, and comes again in a second."""
_MOST_EVENTS = 500
_ONE_ROW = 1
_TRANSCRIBED = "recording.transcribed"

_log = structlog.get_logger()


@dataclass(frozen=True)
class ClaimedCheck:
    """A call that this worker alone looks at now."""

    check_id: int
    call_id: int
    due_at: datetime
    tries: int
    basis: str


class Checker:
    """Keeps what it knows of places and categories between passes."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._librarian = Librarian(context)

    def check_due(self) -> int:
        """One pass. Returns how many calls were looked at."""
        follow_log(self._context)
        return sum(self.check_next() for _ in range(MOST_A_PASS))

    def check_next(self) -> bool:
        """Look at the call that is due first. False if none is.

        Whatever goes wrong with it is written down and tried again; only a database that is away is raised.
        """
        claim = _claim(self._context)
        if claim is None:
            return False
        try:
            _check(self._context, self._librarian, claim)
        except Exception as error:  # noqa: BLE001  one odd call must not hold up all that follow
            reason = type(error).__name__  # never its text, which may hold words
            _log.error("consistency.failed", call=claim.call_id, tries=claim.tries, error=reason)
            _fail(self._context, claim, reason)
        return True


def follow_log(context: Context) -> int:
    """Mark the calls of everything that happened since the last time. Returns how many are due by that."""
    if not _has_news(context):
        return 0
    with context.writing() as session:
        position = session.scalars(
            select(LogPosition).where(LogPosition.id == _ONE_ROW).with_for_update()
        ).one()
        news = session.execute(
            select(Event.id, Event.kind, Event.subject)
            .where(Event.id > position.event_id)
            .order_by(Event.id)
            .limit(_MOST_EVENTS)
        ).all()
        if not news:
            return 0
        position.event_id = news[-1][0]
        calls = _calls_of(session, [(kind, subject) for _, kind, subject in news])
        mark(session, calls, context.now())
        return len(calls)


def _has_news(context: Context) -> bool:
    """Without a lock: the sweep asks every second."""
    with context.reading() as session:
        return events.latest_id(session) > session.get_one(LogPosition, _ONE_ROW).event_id


def _calls_of(session: Session, news: Iterable[tuple[str, str]]) -> Sequence[int]:
    """Calls with a final transcript that was just written, or whose ticket was just changed."""
    calls: set[int] = set()
    tickets: set[int] = set()
    for kind, subject in news:
        if kind == _TRANSCRIBED:
            calls.add(int(subject.removeprefix("call:")))
        elif kind.startswith("ticket."):
            tickets.add(int(subject.removeprefix("ticket:")))
    contacts = select(Ticket.contact_id).where(Ticket.id.in_(tickets))
    # Calls first, by their index: an OR with the other condition would look at every call there is.
    calls.update(session.scalars(select(Call.id).where(Call.contact_id.in_(contacts))))
    ready = select(Recording.call_id).where(Recording.state == RecordingState.DONE)
    return session.scalars(ready.where(Recording.call_id.in_(calls))).all()


def mark(session: Session, call_ids: Sequence[int], at: datetime, anew: bool = False) -> None:
    """These calls are due. `anew`: also where nothing that is compared has changed."""
    for call_id in call_ids:
        insert_unless_there(session, ConsistencyCheck, call_id=call_id)
    values = {"due_at": at, "tries": 0, "failure": "", "set_aside_at": None} | ({"basis": ""} if anew else {})
    due = update(ConsistencyCheck).where(ConsistencyCheck.call_id.in_(call_ids))
    session.execute(due.values(**values))


def mark_between(context: Context, since: datetime, until: datetime) -> int:
    """Calls that began in [`since`, `until`) and have a transcript are due anew. Returns how many."""
    with context.writing() as session:
        ready = select(Call.id).join(Recording, Recording.call_id == Call.id)
        calls = session.scalars(
            ready.where(
                Call.started_at >= since,
                Call.started_at < until,
                Recording.state == RecordingState.DONE,
                Recording.text_deleted_at.is_(None),
            )
        ).all()
        mark(session, calls, context.now(), anew=True)
        return len(calls)


def count_left(context: Context, since: datetime, until: datetime) -> int:
    """How many calls that began in [`since`, `until`) are due, at work, or set aside."""
    open_ones = or_(ConsistencyCheck.due_at.is_not(None), ConsistencyCheck.set_aside_at.is_not(None))
    of_the_span = (Call.started_at >= since, Call.started_at < until)
    with context.reading() as session:
        count = select(func.count(ConsistencyCheck.id)).join(Call).where(open_ones, *of_the_span)
        return session.scalar(count) or 0


def _claim(context: Context) -> ClaimedCheck | None:
    """The row's lock keeps other workers from waiting for it on PostgreSQL; SQLite has one writer anyway."""
    check, now = ConsistencyCheck, context.now()
    until = now + CLAIM_LASTS
    with context.writing() as session:
        _set_worn_out_aside(session, now)
        first = select(check.id).where(check.due_at <= now).order_by(check.due_at, check.id)
        first = first.limit(1).with_for_update(skip_locked=True)
        claim = update(check).where(check.id == first.scalar_subquery(), check.due_at <= now)
        taken = claim.values(due_at=until, tries=check.tries + 1)
        claimed = session.execute(taken.returning(check.id, check.call_id, check.tries, check.basis)).first()
        if claimed is None:
            return None
        check_id, call_id, tries, basis = claimed
        return ClaimedCheck(check_id, call_id, until, tries, basis)


def _set_worn_out_aside(session: Session, now: datetime) -> None:
    """What three workers died of."""
    worn_out = update(ConsistencyCheck).where(
        ConsistencyCheck.due_at <= now, ConsistencyCheck.tries >= MOST_TRIES
    )
    session.execute(worn_out.values(due_at=None, set_aside_at=now, failure="WorkerDied"))


def _check(context: Context, librarian: Librarian, claim: ClaimedCheck) -> None:
    with context.reading() as session:
        facts = facts_of(session, context, claim.call_id)
        basis = facts.basis if facts else ""
        known = facts is not None and basis == claim.basis
        found = findings_of(session, context, librarian, facts) if facts and not known else []
    with context.writing() as session:
        # Whoever deletes the text meanwhile waits for this lock, and then finds what is written here.
        recording = select(Recording).where(Recording.call_id == claim.call_id).with_for_update()
        version = session.scalars(recording).one()
        now_known = facts_of(session, context, claim.call_id)
        if (now_known.basis if now_known else "") != basis:
            _settle(session, claim, {"due_at": context.now(), "tries": claim.tries - 1})
            return
        done = {"due_at": None, "tries": 0, "failure": "", "checked_at": context.now(), "basis": basis}
        if _settle(session, claim, done) and not known:
            keep(session, context, version, found)


def _fail(context: Context, claim: ClaimedCheck, reason: str) -> None:
    spent = claim.tries >= MOST_TRIES
    now = context.now()
    with context.writing() as session:
        failed = {
            "due_at": None if spent else now + RETRY_AFTER * claim.tries,
            "set_aside_at": now if spent else None,
            "failure": reason[:80],
        }
        if _settle(session, claim, failed):
            tell(session, context, claim.call_id)


def _settle(session: Session, claim: ClaimedCheck, values: Mapping[str, object]) -> bool:
    """Write the outcome, if the claim is still this worker's and nothing has changed since."""
    ours = update(ConsistencyCheck).where(
        ConsistencyCheck.id == claim.check_id,
        ConsistencyCheck.due_at == claim.due_at,
        ConsistencyCheck.tries == claim.tries,
    )
    return bool(session.execute(ours.values(**values)).rowcount)  # type: ignore[attr-defined]
