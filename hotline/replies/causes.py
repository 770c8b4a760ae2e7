"""Why a matter arose (原因), as the department finds it: a list that a city edits (requirement 002-50)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from hotline.replies.models import Reply
from hotline.tickets.models import Ticket
from hotline.tickets.states import TicketType

LONGEST_CODE = 30
ASKED_OF = (TicketType.HELP, TicketType.COMPLAINT, TicketType.REPORT)
"""Matters in which something went wrong: of questions, suggestions and praise nobody asks why."""
_LIST = Path(__file__).with_name("causes.toml")


@dataclass(frozen=True)
class Cause:
    """One cause of the list."""

    code: str
    zh: str
    en: str


@cache
def causes() -> tuple[Cause, ...]:
    """The list, in its order."""
    return tuple(Cause(**entry) for entry in tomllib.loads(_LIST.read_text(encoding="utf-8"))["cause"])


def is_cause(code: str) -> bool:
    """Whether the list has it."""
    return any(cause.code == code for cause in causes())


def caused_by(code: str) -> ColumnElement[bool]:
    """For a query over `Ticket`: its newest reply names this cause."""
    newest, other = aliased(Reply), aliased(Reply)
    last = select(func.max(other.id)).where(other.ticket_id == newest.ticket_id).correlate(newest)
    named = select(newest.ticket_id).where(newest.cause == code, newest.id == last.scalar_subquery())
    return Ticket.id.in_(named)
