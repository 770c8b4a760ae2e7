"""What can be done with a ticket: which forms its page offers, to whom.

Each feature registers the steps that it owns. The page shows at most one as the next sensible action, and the
others, for what is seldom done, folded up below it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@dataclass(frozen=True)
class Step:
    """A form on the ticket's page: its template and what the template is given."""

    template: str
    values: Mapping[str, Any]


# Makes the step from the ticket; a form is given when it was refused and is shown again.
Maker = Callable[[Session, Ticket, FlaskForm | None], Step | None]

_makers: dict[State, list[tuple[tuple[Role, ...], Maker]]] = {}
_others: dict[State, list[tuple[tuple[Role, ...], Maker]]] = {}


def step_for(state: State, *roles: Role) -> Callable[[Maker], Maker]:
    """Register the step of a state for people with one of the roles."""

    def register(maker: Maker) -> Maker:
        _makers.setdefault(state, []).append((roles, maker))
        return maker

    return register


def another_step_for(state: State, *roles: Role) -> Callable[[Maker], Maker]:
    """Register a step beside the next one, for people with one of the roles."""

    def register(maker: Maker) -> Maker:
        _others.setdefault(state, []).append((roles, maker))
        return maker

    return register


def offered_to(state: State) -> set[Role]:
    """Roles of which somebody may find a next step on the page of a ticket in this state."""
    return {role for roles, _maker in _makers.get(state, ()) for role in roles}


def next_step(session: Session, ticket: Ticket, form: FlaskForm | None = None) -> Step | None:
    """What whoever is signed in can do with the ticket next, or None."""
    for roles, maker in _makers.get(ticket.state, ()):
        if current_user.has(*roles) and (step := maker(session, ticket, form)):
            return step
    return None


def other_steps(session: Session, ticket: Ticket, form: FlaskForm | None = None) -> list[Step]:
    """What else whoever is signed in can do with the ticket."""
    makers = [maker for roles, maker in _others.get(ticket.state, ()) if current_user.has(*roles)]
    return [step for maker in makers if (step := maker(session, ticket, form))]
