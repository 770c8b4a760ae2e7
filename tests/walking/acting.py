"""One try of one move: who acts, on which ticket, and the choices that its salt makes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select

from hotline.context import Context
from hotline.database import Base
from hotline.follow_up.models import FollowUp
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.walking.town import Town

T = TypeVar("T")


class NothingThere(Exception):
    """What the move is about does not exist: nobody could have pressed the button."""


@dataclass(frozen=True)
class Acting:
    """What a move is handed."""

    town: Town
    context: Context
    ticket_id: int
    salt: int

    def pick(self, among: Sequence[T], turn: int = 1) -> T:
        """One of them. `turn`: another divisor of the salt, so that two choices differ from one another."""
        return among[(self.salt // turn) % len(among)]

    def words(self, text: str) -> str:
        """What somebody writes; now and then they forget to."""
        return "  " if self.salt % 11 == 10 else f"{text}{self.salt % 5}"

    def says(self, turn: int = 1) -> bool:
        """Yes or no."""
        return (self.salt // turn) % 3 != 0

    def number(self) -> str:
        """The ticket's number. Raises `NothingThere` before it has one."""
        with self.context.reading() as session:
            number = session.scalars(select(Ticket.number).where(Ticket.id == self.ticket_id)).one()
        if number is None:
            raise NothingThere("no number yet")
        return number

    def latest(self, entity: type[Base], *where: object) -> int:
        """Id of the ticket's newest row of this kind. Raises `NothingThere`."""
        ours = entity.ticket_id == self.ticket_id  # type: ignore[attr-defined]
        row_id = entity.id  # type: ignore[attr-defined]
        query = select(row_id).where(ours, *where).order_by(row_id.desc())  # type: ignore[arg-type]
        with self.context.reading() as session:
            found = session.scalars(query.limit(1)).first()
        if found is None:
            raise NothingThere(entity.__name__)
        return int(found)

    def follow_up(self) -> int:
        """The follow-up that is owed last."""
        return self.latest(FollowUp)

    def made(self, ticket_id: int) -> None:
        """Another ticket walks with us."""
        self.town.tickets.append(ticket_id)


@dataclass(frozen=True)
class Move:
    """`states`: where it may succeed (none: it makes a ticket, or goes over all). `roles`: who may; where
    it is `by_others`, nobody of the department that has the ticket. `needs`: what has to be open of the
    ticket, a count of `standing`; empty for nothing."""

    name: str
    states: frozenset[State]
    roles: tuple[Role, ...]
    deed: Callable[[Acting], object]
    by_others: bool = False
    needs: str = ""


def move(
    states: Sequence[State],
    roles: Sequence[Role],
    deed: Callable[[Acting], object],
    needs: str = "",
    by_others: bool = False,
) -> Move:
    """Named as its function."""
    return Move(deed.__name__, frozenset(states), tuple(roles), deed, by_others, needs)
