"""Showing a citizen in full for a reason, and writing down who saw what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from hotline.calls.models import Call
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.people.actors import Actor, NotPermitted
from hotline.redaction.rules import masked
from hotline.tickets import privacy, rows
from hotline.viewing.models import TicketView, Unmasking, What

SHOWN_FOR = timedelta(minutes=10)
SLOT = timedelta(minutes=10)
LONGEST_REASON = 200


class UnmaskingRefused(ValueError):
    """There is no reason, or no such call."""

    field = "reason"


@dataclass(frozen=True)
class View:
    """Somebody saw something of a ticket."""

    ticket_id: int
    what: What
    in_full: bool
    user_id: int
    viewer: str
    department_name: str
    at: datetime

    @property
    def slot(self) -> int:
        """Which ten minutes since 1970 it was in."""
        return int(self.at.timestamp() // SLOT.total_seconds())

    @property
    def key(self) -> tuple[int, int, What, bool, int]:
        """What makes two of them the same."""
        return self.user_id, self.ticket_id, self.what, self.in_full, self.slot


def unmask(context: Context, ticket_id: int, reason: str) -> None:
    """Show the citizen of the ticket in full to whoever asks, for ten minutes; written down with the reason.

    Raises `NotPermitted`, `UnmaskingRefused`, `NoSuchTicket`.
    """
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        if not privacy.may_unmask(context.actor, ticket):
            raise NotPermitted(context.actor, "see this citizen in full")
        session.add(_line(context, reason, ticket_id=ticket.id))


def unmask_call(context: Context, call_id: int, reason: str) -> None:
    """The same of the number of a call. Raises `NotPermitted`, `UnmaskingRefused`."""
    with context.writing() as session:
        call = session.get(Call, call_id)
        if call is None:
            raise UnmaskingRefused("there is no such call")
        if not privacy.may_unmask_contact(context.actor, call.contact):
            raise NotPermitted(context.actor, "see this number in full")
        session.add(_line(context, reason, call_id=call.id))


def write(context: Context, views: Sequence[View]) -> None:
    """Write the views down; what is there already stays as it is."""
    with context.writing() as session:
        for view in views:
            insert_unless_there(
                session,
                TicketView,
                at=view.at,
                ticket_id=view.ticket_id,
                user_id=view.user_id,
                viewer=view.viewer,
                department_name=view.department_name,
                what=view.what,
                in_full=view.in_full,
                slot=view.slot,
            )


def forget_old(context: Context) -> int:
    """Delete lines of both logs that are older than `view_log_days`; 0 keeps them. Returns how many."""
    if not context.settings.view_log_days:
        return 0
    before = context.now() - timedelta(days=context.settings.view_log_days)
    with context.writing() as session:
        old = [delete(log).where(log.at < before) for log in (TicketView, Unmasking)]
        return sum(session.execute(one).rowcount for one in old)  # type: ignore[attr-defined]


def _line(context: Context, reason: str, **whose: int) -> Unmasking:
    words = masked(reason.strip())[:LONGEST_REASON]  # the log outlives the citizen's words
    if not words:
        raise UnmaskingRefused("unmasking needs a reason")
    actor = context.actor
    return Unmasking(
        at=context.now(),
        until_at=context.now() + SHOWN_FOR,
        user_id=_user_id(actor),
        viewer=actor.name,
        department_name=actor.department_name,
        reason=words,
        **whose,
    )


def _user_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotPermitted(actor, "see a citizen in full")
    return actor.user_id
