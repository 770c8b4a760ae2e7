"""What is on record about a reply, the signals that come of it, and earlier verdicts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Row, Select, func, inspect, select
from sqlalchemy.orm import Session, joinedload

from hotline.asked_once import asked_once
from hotline.built_once import built_once
from hotline.dispatch.models import Assignment
from hotline.dispatch.queries import lead_assignment
from hotline.follow_up.models import FollowUp
from hotline.follow_up.queries import of_ticket
from hotline.language.likeness import cosine, pairs
from hotline.replies.models import ContactRecord, ContactWay, Reply, ReplyState, SiteVisit
from hotline.replies.queries import contact_records, visits_of
from hotline.replies.visits import is_since
from hotline.review.models import PerfunctoryProposal, ReplyVerdict
from hotline.review.rules import SAME_TEXT, Asked, Facts, Found, OtherReply, is_same_matter, signals
from hotline.review.wording import words
from hotline.tickets.links import linked
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import Confidentiality

COMPARED_SINCE = timedelta(days=180)
MOST_COMPARED = 300
COMES_BACK_WITHIN = timedelta(days=30)
COUNTED_SINCE = timedelta(days=90)
_NO_DEED = ("sign", "submit_reply")
_REOPENINGS = ("reopen", "reopen_exceptional")
_Line = HistoryLine | Row[datetime, str, int | None]


def signals_of(session: Session, reply: Reply, now: datetime) -> list[Found]:
    """What is noticed about a reply as it was sent, or would be sent `now`."""
    return signals(facts_of(session, reply, reply.submitted_at or now), words(session))


def facts_of(session: Session, reply: Reply, at: datetime) -> Facts:
    """The reply, and what is on record at `at`, when it was sent."""
    ticket, lead = reply.ticket, lead_assignment(session, reply.ticket_id)
    lines, there = _lines(session, ticket), _looked_up(session, ticket)
    begun = _begun(lines, lead)
    records = _records(session, reply, lead, at)
    reached_at = [one.at for one in records if one.reached]
    visited = there.visited and _was_there(session, reply, lead, at)
    return Facts(
        public_text=reply.public_text,
        at=at,
        questions=[Asked(one.position, one.text, one.answer) for one in ticket.questions],
        matter=ticket.description,
        is_solved=reply.is_solved,
        reached=bool(reached_at),
        visited=visited or any(one.way is ContactWay.VISIT for one in records),
        dispatched_at=begun,
        due_at=ticket.due_at,
        acted_at=[line.at for line in lines if _is_deed(line, reply)],
        says_no=there.answered and _says_no(session, ticket.id, reached_at),
        came_back=there.came_back or _was_reopened(lines, reached_at),
        others=list(_others(session, reply, at)),
    )


def verdict_of(session: Session, reply_id: int) -> ReplyVerdict | None:
    """What the reviewer said of a reply, or None."""
    return session.scalar(select(ReplyVerdict).where(ReplyVerdict.reply_id == reply_id))


@asked_once
def last_rejection(session: Session, ticket: Ticket) -> ReplyVerdict | None:
    """The newest verdict on the department that has the ticket, if it was a rejection."""
    query = select(ReplyVerdict).where(ReplyVerdict.ticket_id == ticket.id)
    query = query.where(ReplyVerdict.department_id == ticket.holder_id)
    verdict = session.scalars(query.order_by(ReplyVerdict.id.desc()).limit(1)).first()
    return verdict if verdict is not None and not verdict.accepted else None


@asked_once
def times_perfunctory(session: Session, ticket_id: int) -> int:
    """How many replies to the ticket were found perfunctory."""
    query = select(func.count()).select_from(ReplyVerdict)
    found = query.where(ReplyVerdict.ticket_id == ticket_id, ReplyVerdict.perfunctory)
    return session.scalar(found) or 0


def times_perfunctory_of(session: Session, department_id: int, since: datetime) -> int:
    """How many replies of a department were found perfunctory since then."""
    query = select(func.count()).select_from(ReplyVerdict).where(ReplyVerdict.perfunctory)
    query = query.where(ReplyVerdict.department_id == department_id, ReplyVerdict.at >= since)
    return session.scalar(query) or 0


def waiting_proposals(session: Session, ticket_id: int | None = None) -> Sequence[PerfunctoryProposal]:
    """Proposals that supervision has not taken, oldest first; of one ticket, if it is named."""
    query = select(PerfunctoryProposal).where(PerfunctoryProposal.taken_at.is_(None))
    if ticket_id is not None:
        query = query.where(PerfunctoryProposal.ticket_id == ticket_id)
    query = query.options(joinedload(PerfunctoryProposal.ticket), joinedload(PerfunctoryProposal.department))
    return session.scalars(query.order_by(PerfunctoryProposal.id)).all()


def _lines(session: Session, ticket: Ticket) -> Sequence[_Line]:
    """The history in its order; where it is not read yet, no more of it than is looked at here."""
    if "history" not in inspect(ticket).unloaded:
        return ticket.history
    return session.execute(*_looked_at(ticket.id)).all()


@built_once
def _looked_at(ticket_id: int) -> Select[datetime, str, int | None]:
    query = select(HistoryLine.at, HistoryLine.event, HistoryLine.department_id)
    return query.where(HistoryLine.ticket_id == ticket_id).order_by(HistoryLine.id)


def _begun(lines: Sequence[_Line], lead: Assignment | None) -> datetime | None:
    """When the present limit began: with the dispatch, or with the rework."""
    again = [line.at for line in lines if line.event == "redispatch"]
    begun = [*again, *([lead.dispatched_at] if lead else [])]
    return max(begun, default=None)


def _records(
    session: Session, reply: Reply, lead: Assignment | None, at: datetime
) -> Sequence[ContactRecord]:
    """Those of this department since the ticket was dispatched to it, and before the reply was sent."""
    records = [one for one in contact_records(session, reply.ticket_id) if one.at <= at]
    mine = [one for one in records if one.department_id == reply.department_id]
    return [one for one in mine if lead is None or one.at >= lead.dispatched_at]


def _was_there(session: Session, reply: Reply, lead: Assignment | None, at: datetime) -> bool:
    """The department wrote a visit down before the reply was sent, and it was since the dispatch."""
    own = [one for one in visits_of(session, reply.ticket_id) if one.department_id == reply.department_id]
    written = [one.visited_at for one in own if one.at <= at]
    return any(lead is None or is_since(visited_at, lead.dispatched_at) for visited_at in written)


def _is_deed(line: _Line, reply: Reply) -> bool:
    return line.department_id == reply.department_id and line.event not in _NO_DEED


def _says_no(session: Session, ticket_id: int, reached_at: Sequence[datetime]) -> bool:
    """The last answered follow-up said no, and nobody of the department spoke with the citizen since."""
    answered = [one for one in of_ticket(session, ticket_id) if one.solved is not None]
    if not answered or answered[-1].solved:
        return False
    said_at = answered[-1].done_at or answered[-1].owed_at
    return not any(at > said_at for at in reached_at)


def _was_reopened(lines: Sequence[_Line], reached_at: Sequence[datetime]) -> bool:
    """Reopened within thirty days of its closing, and the citizen was not spoken with since."""
    closed_at: datetime | None = None
    reopened_at: datetime | None = None
    for line in lines:
        if line.event == "close":
            closed_at = line.at
        elif line.event in _REOPENINGS and closed_at and line.at - closed_at <= COMES_BACK_WITHIN:
            reopened_at = line.at
    return reopened_at is not None and not any(at >= reopened_at for at in reached_at)


class _There(NamedTuple):
    """What most replies have none of, so that only the others' are read: visits of anybody, answers of the
    citizen; and whether the same number had a matter of the same class solved within thirty days before."""

    visited: bool
    answered: bool
    came_back: bool


def _looked_up(session: Session, ticket: Ticket) -> _There:
    phone, category = ticket.complainant_phone, ticket.category_code
    came_at = ticket.received_at
    values = (phone, category or "", came_at, came_at - COMES_BACK_WITHIN)
    there = _There(*session.execute(*_look(ticket.id, *values)).one())
    return there if phone and category else there._replace(came_back=False)


@built_once
def _look(
    ticket_id: int, phone: str, category_code: str, came_at: datetime, not_before: datetime
) -> Select[bool, bool, bool]:
    solved_before = select(Ticket.id).where(
        Ticket.id != ticket_id,
        Ticket.complainant_phone == phone,
        Ticket.category_code == category_code,
        Ticket.confidentiality != Confidentiality.SEALED,
        Ticket.solved.is_(True),
        Ticket.closed_at > not_before,
        Ticket.closed_at <= came_at,
    )
    answers = select(FollowUp.id).where(FollowUp.ticket_id == ticket_id, FollowUp.solved.is_not(None))
    visits = select(SiteVisit.id).where(SiteVisit.ticket_id == ticket_id)
    return select(visits.exists(), answers.exists(), solved_before.exists())


def _others(session: Session, reply: Reply, at: datetime) -> Iterator[OtherReply]:
    """Of the department's newest replies those that are nearly this one, to other matters; never one to a
    sealed ticket. Columns, no entities: up to three hundred are compared before every verdict."""
    own, said = reply.ticket, pairs(reply.public_text)
    compared = _compared(reply.department_id, reply.ticket_id, at, at - COMPARED_SINCE)
    others = session.execute(*compared).all()
    alike = [other for other in others if cosine(said, pairs(other.public_text)) >= SAME_TEXT]
    related = {other.id for other in linked(session, own.id)} if alike else set()
    for ticket_id, number, description, address, text in alike:
        same = is_same_matter(own.description, own.address, description, address)
        if ticket_id not in related and not same:
            yield OtherReply(number or "", text)


@built_once
def _compared(
    department_id: int, ticket_id: int, until: datetime, since: datetime
) -> Select[int, str | None, str, str, str]:
    columns = (Ticket.id, Ticket.number, Ticket.description, Ticket.address, Reply.public_text)
    query = select(*columns).select_from(Reply).join(Ticket)
    query = query.where(
        Reply.department_id == department_id,
        Reply.ticket_id != ticket_id,
        Reply.state != ReplyState.DRAFTED,
        Reply.submitted_at <= until,
        Reply.submitted_at > since,
        Ticket.confidentiality != Confidentiality.SEALED,
    )
    return query.order_by(Reply.id.desc()).limit(MOST_COMPARED)
