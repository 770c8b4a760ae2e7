"""What an assisting department does (协办): its own part, and nothing of the lead's (rulebook B2, rule 3).

Where it is silent, the lead closes its part in words (B5.6).
"""

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.dispatch import queries
from hotline.dispatch.holding import held
from hotline.dispatch.models import Assignment
from hotline.people.actors import NotPermitted, Role
from hotline.tickets import rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.service import LONGEST_TEXT, DraftRefused

ASSISTS = (Role.HANDLER, Role.UNIT_REVIEWER, Role.ASSIST_UNIT)


class PartNotOverdue(Exception):
    """The part has time left, is finished already, or is none of the ticket's."""


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


def close_part(context: Context, ticket_id: int, part_id: int, why: str) -> None:
    """The lead's leader goes on without a department whose part is overdue, and says what that left undone.

    It stands in the history against that department. Raises `PartNotOverdue`; `DraftRefused` without words;
    `NotPermitted` and `IllegalMove` as `hotline.dispatch.holding.held`.
    """
    with context.writing() as session:
        ticket = held(session, context, ticket_id, "close a part", Role.UNIT_REVIEWER)
        overdue = queries.overdue_assists(session, ticket_id, context.now())
        part = next((one for one in overdue if one.id == part_id), None)
        if part is None:
            raise PartNotOverdue(f"part {part_id}")
        part.finished_at = context.now()
        about = {"assist": part.department.name_zh, "assist_id": part.department_id}
        ticket.note("part_closed", context.actor, context.now(), _words(why), **about)
        rows.announce(session, context, ticket, "part_closed")


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
