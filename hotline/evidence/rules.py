"""Who may open an attached file. Pure."""

from hotline.evidence.models import Attachment, Purpose
from hotline.people.actors import Actor, Role
from hotline.tickets import privacy
from hotline.tickets.models import Ticket


def may_open(actor: Actor, ticket: Ticket, attachment: Attachment) -> bool:
    """Whether somebody who may read the ticket may also open the file.

    What shows who the citizen is (their papers, how they were spoken with) is for those who may know, and for
    the department that brought it. A withdrawn file is for auditors alone.
    """
    if privacy.is_sealed_for(actor, ticket):
        return False
    if attachment.is_withdrawn:
        return actor.has(Role.AUDITOR)
    if attachment.purpose is Purpose.HANDLING or privacy.sees_identity(actor, ticket):
        return True
    return actor.has(*privacy.UNIT_ROLES) and actor.department_id == attachment.department_id


def name_for_all(name: str, purpose: Purpose) -> str:
    """A file's name as everybody who reads the ticket is told it: papers are named after their citizen."""
    return name if purpose is Purpose.HANDLING else f"*.{name.rpartition('.')[2]}"
