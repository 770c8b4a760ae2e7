"""What stays of a call when the talk is over: how the caller was served, how the agent says that it went.

Both stand on the call and in the history of its ticket.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call, Seat
from hotline.context import Context
from hotline.people.actors import SYSTEM, Role
from hotline.tickets.models import Ticket

RATINGS = range(1, 6)
"""1 is very satisfied, 5 very unsatisfied, as in follow-ups."""
ASKED_FOR_A_NUMBER = "number"
"""Code of the calls for which a line is a directory of telephone numbers and nothing else."""
_LIST = Path(__file__).with_name("dispositions.toml")


@dataclass(frozen=True)
class Disposition:
    """One way in which a call can have gone."""

    code: str
    zh: str
    en: str


class UnknownDisposition(ValueError):
    """Not on the list."""


class DispositionMissing(Exception):
    """The settings require a disposition, and this call has none."""


class NothingToDispose(LookupError):
    """The seat has had no call that a disposition could belong to."""


@cache
def dispositions() -> tuple[Disposition, ...]:
    """The list, in its order."""
    entries = tomllib.loads(_LIST.read_text(encoding="utf-8"))["disposition"]
    return tuple(Disposition(**entry) for entry in entries)


def call_rated(context: Context, linkedid: str, rating: int) -> bool:
    """The caller pressed a key. The first answer counts; returns whether this was it.

    Raises `ValueError` for what is no rating.
    """
    if rating not in RATINGS:
        raise ValueError("a rating is a number from 1 to 5")
    with context.writing() as session:
        call = session.scalar(select(Call).where(Call.linkedid == linkedid))
        if call is None or call.rating is not None:
            return False
        call.rating = rating
        for ticket in _tickets(session, call):
            ticket.note("call_rated", SYSTEM, context.now(), rating=rating)
        _announce(session, context, call, "rated")
        return True


def dispose(context: Context, call_id: int, code: str) -> None:
    """The agent says how the call went; said again, the last word counts.

    Raises `UnknownDisposition`, `NothingToDispose` for a call that is not there, or of somebody else.
    """
    context.actor.must_have("dispose of a call", Role.AGENT, Role.SUPERVISOR)
    if code not in {entry.code for entry in dispositions()}:
        raise UnknownDisposition(code)
    with context.writing() as session:
        call = session.get(Call, call_id)
        if call is None or (
            call.agent_id != context.actor.user_id and not context.actor.has(Role.SUPERVISOR)
        ):
            raise NothingToDispose(f"call {call_id} is not this agent's")
        if call.disposition == code:
            return
        call.disposition, call.disposed_at = code, context.now()
        for ticket in _tickets(session, call):
            ticket.note("call_disposed", context.actor, context.now(), disposition=code)
        _announce(session, context, call, "disposed")


def lacks_disposition(context: Context, seat: Seat) -> bool:
    """Whether the wrap-up of this seat must wait for the agent's word on the call."""
    return context.settings.disposition_required and seat.call is not None and not seat.call.disposition


def _tickets(session: Session, call: Call) -> list[Ticket]:
    return list(session.scalars(select(Ticket).where(Ticket.contact_id == call.contact_id)))


def _announce(session: Session, context: Context, call: Call, kind: str) -> None:
    events.record(session, context.now(), f"call.{kind}", f"call:{call.id}", state=call.state)
