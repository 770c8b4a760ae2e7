"""Who may read a ticket, and whether they see who the citizen is (rulebook B13; the table is in `sight`)."""

from collections.abc import Collection

from hotline.contacts.channels import is_own
from hotline.contacts.models import Contact
from hotline.people.actors import Actor, Role
from hotline.tickets.models import Ticket
from hotline.tickets.sight import Sight, sight, with_full_sight
from hotline.tickets.states import Confidentiality, State

HOTLINE_ROLES = (
    Role.AGENT,
    Role.SCREENER,
    Role.DISPATCHER,
    Role.REVIEWER,
    Role.CALLBACK_AGENT,
    Role.SUPERVISOR,
    Role.DIRECTOR,
    Role.AUDITOR,
)
OFFICE_ROLES = (Role.GOVERNMENT_OFFICE, Role.INSPECTION_OFFICE, Role.LEADER)
"""They supervise: they read tickets without the citizen's name and number, and hear nothing."""
UNIT_ROLES = (Role.HANDLER, Role.UNIT_REVIEWER, Role.ASSIST_UNIT)
BODY_ROLES = (Role.PETITION_OFFICE, Role.MEDIA_SCREENER)
WITH_A_BODY = (State.TRANSFERRED, State.CLOSED, State.ARCHIVED)
"""While the office that has a referred ticket reads it."""
WITH_SCREENING = (State.REGISTERED, State.NEED_INFO, State.NOT_ACCEPTED, State.TO_DISPATCH)
"""While a ticket of their own channel is open to media screeners: what departments do with it is not."""
SEES_NUMBERS = with_full_sight()


def is_sealed_for(actor: Actor, ticket: Ticket) -> bool:
    """Whether the ticket is sealed, and the actor is not of discipline inspection."""
    return _is_sealed(ticket) and not actor.has(Role.DISCIPLINE)


def may_read(
    actor: Actor, ticket: Ticket, departments: Collection[int], bodies: Collection[int] = ()
) -> bool:
    """Whether the actor may open the ticket. `departments` are those that it was ever assigned to, `bodies`
    those that have it because it was referred to them.

    A sealed ticket is open only to discipline inspection; the hotline reads all others, as do the offices
    that supervise, a department its own, an office what was referred to it; media also those of their own
    channel until they are dispatched.
    """
    if _is_sealed(ticket):
        return actor.has(Role.DISCIPLINE)
    if actor.has(*HOTLINE_ROLES, *OFFICE_ROLES):
        return True
    if actor.has(*UNIT_ROLES) and actor.department_id in departments:
        return True
    if actor.has(*BODY_ROLES) and ticket.state in WITH_A_BODY and actor.department_id in bodies:
        return True
    return ticket.state in WITH_SCREENING and is_own(actor, ticket.channel)


def sees_identity(actor: Actor, ticket: Ticket) -> bool:
    """Whether name and number are shown in full; masked otherwise."""
    much = sight(actor.roles, ticket.confidentiality)
    return much is Sight.FULL or (much is Sight.FOR_A_REASON and ticket.id in actor.unmasked)


def may_unmask(actor: Actor, ticket: Ticket) -> bool:
    """Whether name and number are masked for the actor, and may be shown for a reason."""
    return sight(actor.roles, ticket.confidentiality) is Sight.FOR_A_REASON


def may_unmask_contact(actor: Actor, contact: Contact) -> bool:
    """Whether the number of the contact may be shown for a reason, where it stands masked for everybody: as
    its most confidential ticket has it."""
    among = [ticket.confidentiality for ticket in contact.tickets] or [Confidentiality.NORMAL]
    return min(sight(actor.roles, one) for one in among) >= Sight.FOR_A_REASON


def may_listen(actor: Actor, ticket: Ticket) -> bool:
    """Whether the recording and its text may be opened: a voice tells who speaks.

    Another sealed matter of the same contact seals what was said: it was said in the same call.
    """
    if _is_sealed(ticket) or any(_is_sealed(other) for other in ticket.contact.tickets):
        return actor.has(Role.DISCIPLINE)
    return actor.has(*HOTLINE_ROLES) or sees_identity(actor, ticket)


def _is_sealed(ticket: Ticket) -> bool:
    return ticket.confidentiality is Confidentiality.SEALED
