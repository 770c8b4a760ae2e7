"""Discipline leads (纪检线索): sealed when they are referred, read by discipline inspection alone, logged.

The hotline keeps number, time and receipt (rulebook C13). Screeners refer, and see nothing more of it.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar
from hotline.deadlines.rules import Reckoner
from hotline.people.actors import NotPermitted, Role
from hotline.screening.opening import kept_text
from hotline.screening.queries import waiting_refusal
from hotline.screening.rules import LONGEST_RECEIPT, RECEIPT_WITHIN
from hotline.tickets import privacy, rows
from hotline.tickets.models import SealedReading, Ticket
from hotline.tickets.states import Confidentiality, ScreeningClass
from hotline.transcripts import index
from hotline.transcripts.models import Recording, Segment, Track

REFERRED = "referred"


def refer_lead(context: Context, ticket_id: int) -> None:
    """A screener hands a lead to discipline inspection (T12): sealed from now on, also for the screener.

    A receipt is due in three working days: until then that is the ticket's due time. No reason is kept: it
    would be content.
    """
    context.actor.must_have("refer a lead", Role.SCREENER)
    with context.writing() as session:
        ticket = _locked(session, ticket_id)
        ticket.screening_class = ScreeningClass.DISCIPLINE
        waits = waiting_refusal(session, ticket_id) is not None
        counting = Reckoner(ChineseCalendar(), context.settings.zone)
        due_at = counting.due(context.now(), RECEIPT_WITHIN)
        ticket.move("refer_out", context.actor, context.now(), refusal_waits=waits, due_at=due_at)
        ticket.confidentiality, ticket.due_at = Confidentiality.SEALED, due_at
        index.remove(session, _spoken(session, ticket))
        index.tidy(session)
        rows.announce(session, context, ticket, "referred")


def record_receipt(context: Context, ticket_id: int, receipt: str) -> None:
    """Discipline inspection has taken it: closed here under its receipt number (T13)."""
    with context.writing() as session:
        ticket = _lead(session, context, ticket_id, "take a lead")
        number = kept_text("receipt", receipt, LONGEST_RECEIPT)
        ticket.move("external_receipt", context.actor, context.now(), receipt=number)
        ticket.outcome, ticket.due_at = REFERRED, None
        rows.announce(session, context, ticket, "closed")


def send_back(context: Context, ticket_id: int, reason: str) -> None:
    """Not a matter of discipline (T14): unsealed to "hidden", screened again, its words findable again."""
    with context.writing() as session:
        ticket = _lead(session, context, ticket_id, "send a lead back")
        ticket.move("external_return", context.actor, context.now(), kept_text("reason", reason))
        ticket.confidentiality, ticket.screening_class = Confidentiality.HIDDEN, None
        ticket.due_at = None
        _make_findable(session, ticket)
        rows.announce(session, context, ticket, "sent_back")


def log_reading(context: Context, ticket_id: int, what: str) -> None:
    """Somebody opens a sealed ticket: written before anything of it is shown. Raises `NotPermitted`."""
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        if privacy.is_sealed_for(context.actor, ticket):
            raise NotPermitted(context.actor, "read a sealed ticket")
        actor = context.actor
        session.add(
            SealedReading(
                ticket_id=ticket_id, user_id=actor.user_id, reader=actor.name, at=context.now(), what=what
            )
        )


def _locked(session: Session, ticket_id: int) -> Ticket:
    ticket = session.get(Ticket, ticket_id, with_for_update=True)
    if ticket is None:
        raise rows.NoSuchTicket(f"no ticket {ticket_id}")
    return ticket


def _lead(session: Session, context: Context, ticket_id: int, deed: str) -> Ticket:
    """T13 and T14 are open to other bodies for their own classes; a lead is discipline inspection's."""
    context.actor.must_have(deed, Role.DISCIPLINE)
    ticket = _locked(session, ticket_id)
    if ticket.screening_class is not ScreeningClass.DISCIPLINE:
        raise NotPermitted(context.actor, deed)
    return ticket


def _make_findable(session: Session, ticket: Ticket) -> None:
    """Unless another matter of the same contact is sealed."""
    session.flush()
    if any(other.confidentiality is Confidentiality.SEALED for other in ticket.contact.tickets):
        return
    spoken = _spoken(session, ticket)
    index.remove(session, spoken)
    index.add(session, session.scalars(select(Segment).where(Segment.id.in_(spoken))).all())


def _spoken(session: Session, ticket: Ticket) -> list[int]:
    """Ids of every segment that was said in the ticket's calls."""
    of_calls = select(Segment.id).join(Track).join(Recording).join(Call, Recording.call_id == Call.id)
    return list(session.scalars(of_calls.where(Call.contact_id == ticket.contact_id)))
