"""What an assisting department does (协办): its own part, and nothing of the lead's (rulebook B2, rule 3)."""

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.dispatch import queries
from hotline.dispatch.models import Assignment
from hotline.people.actors import NotPermitted, Role
from hotline.tickets import rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.service import LONGEST_TEXT, DraftRefused

ASSISTS = (Role.HANDLER, Role.UNIT_REVIEWER, Role.ASSIST_UNIT)


def finish_part(context: Context, ticket_id: int, done: str) -> None:
    """The department has done its part, and says what: the lead's reply waits for all of them (T27).

    Raises `IllegalMove` once the lead has replied, `NotPermitted` to a department that does not assist or has
    finished, `DraftRefused` without words.
    """
    context.actor.must_have("finish a part", *ASSISTS)
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        if ticket.state not in queries.WHILE_ASSISTED:
            raise IllegalMove(ticket.state, "finish_part", context.actor)
        part = _own_part(session, context, ticket)
        part.finished_at = context.now()
        ticket.note("part_finished", context.actor, context.now(), _words(done))
        rows.announce(session, context, ticket, "part_finished")


def _own_part(session: Session, context: Context, ticket: Ticket) -> Assignment:
    for part in queries.open_assists(session, ticket.id):
        if part.department_id == context.actor.department_id:
            return part
    raise NotPermitted(context.actor, "finish a part")


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise DraftRefused("part", "is empty")
    if len(words) > LONGEST_TEXT or "\x00" in words:
        raise DraftRefused("part", "too long, or contains a null character")
    return words
