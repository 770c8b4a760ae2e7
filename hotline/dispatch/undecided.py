"""What a department asks the hotline to decide, and how it ends when the ticket leaves the department.

Extensions and suspensions know of dispatch, and never the other way round: they are found here by being
`Undecided`.
"""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import CompoundSelect, Integer, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.people.actors import SYSTEM
from hotline.tickets.models import Ticket

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped


class Undecided:
    """Part of the entity of such a request. `DROPPED_EVENT` is its line of history where nobody decides."""

    ASKED: ClassVar[StrEnum]
    DROPPED: ClassVar[StrEnum]
    DROPPED_EVENT: ClassVar[str]

    if TYPE_CHECKING:
        id: Mapped[int]
        ticket_id: Mapped[int]
        state: Mapped[Any]
        decided_at: Mapped[datetime | None]

    def drop(self, at: datetime) -> None:
        """Nobody has to decide any more."""
        self.state, self.decided_at = self.DROPPED, at


def drop_undecided(session: Session, context: Context, ticket: Ticket, because: str) -> None:
    """The system ends what waits for a decision; a line of history names the move that left it behind."""
    kinds = tuple(Undecided.__subclasses__())
    if not kinds:
        return
    for place, request_id in session.execute(_waiting(kinds), {"of_ticket": ticket.id}).all():
        session.get_one(kinds[place], request_id).drop(context.now())
        ticket.note(kinds[place].DROPPED_EVENT, SYSTEM, context.now(), because=because)


@cache  # more kinds may be known later
def _waiting(kinds: tuple[type[Undecided], ...]) -> CompoundSelect[int, int]:
    ticket_id = bindparam("of_ticket", type_=Integer)
    return union_all(
        *(
            select(literal(place), kind.id).where(kind.ticket_id == ticket_id, kind.state == kind.ASKED)
            for place, kind in enumerate(kinds)
        )
    )
