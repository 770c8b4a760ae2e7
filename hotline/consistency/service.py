"""What people do with findings: answer them, and have a call looked at once more."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.consistency.checking import mark
from hotline.consistency.keeping import tell
from hotline.consistency.models import Answer, ConsistencyCheck, ReviewFinding
from hotline.context import Context
from hotline.monitoring import audit
from hotline.monitoring.models import Deed
from hotline.people.actors import Role
from hotline.search.queries import may_hear
from hotline.tickets.models import Ticket

REVIEWERS = (Role.REVIEWER, Role.SUPERVISOR)


class NoSuchFinding(LookupError):
    """There is none with this id, or not for this person."""


class OwnCall(PermissionError):
    """Whoever took the call, or wrote its ticket, does not judge it."""


def answer(context: Context, finding_id: int, said: Answer) -> None:
    """A reviewer says whether a finding is right; said again, the last word counts. It is in the audit log.

    Raises `NotPermitted`, `NoSuchFinding`, `OwnCall`.
    """
    context.actor.must_have("answer findings", *REVIEWERS)
    with context.writing() as session:
        finding = session.get(ReviewFinding, finding_id)
        if finding is None or not _is_open_to(session, context, finding.call):
            raise NoSuchFinding(f"no finding {finding_id}")
        if context.actor.user_id in agents_of(session, finding.call):
            raise OwnCall(f"finding {finding_id}")
        finding.answer, finding.answered_at = said, context.now()
        finding.answered_by_id, finding.answered_by = context.actor.user_id, context.actor.name
        details = f"{finding.id}:{said.value}"
        audit.note(session, context, Deed.ANSWER_FINDING, finding.call, finding.call.agent, details=details)
        tell(session, context, finding.call_id)


def check_again(context: Context, check_id: int) -> None:
    """Look at a call once more that was set aside. Raises `NotPermitted`, `NoSuchFinding`."""
    context.actor.must_have("have a call looked at again", *REVIEWERS)
    with context.writing() as session:
        check = session.get(ConsistencyCheck, check_id)
        if check is None or not _is_open_to(session, context, check.call):
            raise NoSuchFinding(f"no check {check_id}")
        mark(session, [check.call_id], context.now(), anew=True)
        tell(session, context, check.call_id)


def agents_of(session: Session, call: Call) -> set[int]:
    """Whose work a call is: who took it at any time, and who registered its tickets."""
    tickets = select(Ticket.registered_by_id).where(Ticket.contact_id == call.contact_id)
    people = [call.agent_id, *(leg.agent_id for leg in call.legs), *session.scalars(tickets)]
    return {person for person in people if person is not None}


def _is_open_to(session: Session, context: Context, call: Call) -> bool:
    heard = select(Ticket.id).where(Ticket.contact_id == call.contact_id, may_hear(context.actor))
    return session.scalar(heard.limit(1)) is not None
