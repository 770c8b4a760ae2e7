"""Taking a ticket out of the archive (T44): the hotline's director, because somebody above has found so."""

from dataclasses import dataclass
from enum import StrEnum

from hotline.appeals.reopening import take_up
from hotline.context import Context
from hotline.screening.opening import kept_text, opened

LONGEST_DOCUMENT = 200
LONGEST_REASON = 2000


class ExceptionalGround(StrEnum):
    """What the archive is opened for; nothing else is."""

    INSTRUCTION = "instruction"
    COURT = "court"
    INSPECTION = "inspection"


@dataclass(frozen=True)
class ExceptionalForm:
    """`document`: which instruction, judgment or finding it is, by its number or its day."""

    ground: ExceptionalGround
    document: str
    reason: str


def reopen_archived(context: Context, ticket_id: int, form: ExceptionalForm) -> None:
    """To dispatch, with its number and a new clock.

    Raises `GuardFailed` without document or reason, and where the ticket is anonymised: nobody is known in it
    any more. `MoveNotPermitted` to everybody but the director, `NotPermitted` where it is sealed.
    """
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "reopen an archived ticket")
        document = kept_text("document", form.document, LONGEST_DOCUMENT)
        why = kept_text("reason", form.reason, LONGEST_REASON)
        facts = {"exceptional_ground": form.ground.value, "document": document}
        take_up(session, context, ticket, "reopen_exceptional", why, **facts)
