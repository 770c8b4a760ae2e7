"""Sending what is owed: claimed, sent, and written down; tried again with growing pauses, given up aloud.

A letter that the server has taken in the moment in which we die is sent once more, under the same Message-ID:
twice is better than never.
"""

from collections import deque
from datetime import timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.line_security.models import AlarmKind
from hotline.line_security.service import raise_alarm
from hotline.outbox.composing import composed
from hotline.outbox.models import OutgoingMail
from hotline.outbox.rules import Away, Kind, MailState, NothingToTell, NotTaken, Reason, pause_after
from hotline.outbox.smtp import Server, opened
from hotline.people.actors import SYSTEM
from hotline.screening.queries import refusal_in_force
from hotline.tickets import rows

AT_ONCE = 20
LEASE = timedelta(minutes=15)
"""Longer than the server may take over `AT_ONCE` letters."""

_log = structlog.get_logger()


def send_due(context: Context) -> int:
    """Send some of what is due, over one connection. Returns how many letters were tried."""
    if not context.settings.smtp_host:
        return 0
    waiting = deque(_claimed(context))
    tried = len(waiting)
    if not waiting:
        return 0
    try:
        with opened(context.settings) as server:
            while waiting:
                _send(context, server, waiting[0])
                waiting.popleft()
    except Away as away:
        _away(context, list(waiting), away.reason)
    return tried


def _claimed(context: Context) -> list[int]:
    """Letters that are due, the oldest first, ours alone until the lease is over."""
    now = context.now()
    due = (OutgoingMail.state == MailState.WAITING, OutgoingMail.due_at <= now)
    with context.writing() as session:
        query = select(OutgoingMail.id).where(*due).order_by(OutgoingMail.due_at, OutgoingMail.id)
        ids = session.scalars(query.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
        mine = update(OutgoingMail).where(OutgoingMail.id.in_(ids), *due).values(due_at=now + LEASE)
        claimed = mine.returning(OutgoingMail.id).execution_options(synchronize_session=False)
        return sorted(session.scalars(claimed).all()) if ids else []


def _send(context: Context, server: Server, mail_id: int) -> None:
    try:
        with context.reading() as session:
            letter = composed(session, context, session.get_one(OutgoingMail, mail_id))
        server.send(letter)
    except NothingToTell as nothing:
        _ended(context, mail_id, MailState.DROPPED, nothing.reason)
    except NotTaken as refusal:
        _not_sent(context, mail_id, refusal.reason, refusal.for_good)
    else:
        _ended(context, mail_id, MailState.SENT)


def _away(context: Context, mail_ids: list[int], reason: Reason) -> None:
    """An alarm that supervisors and `hotline check` see, and another try later."""
    _log.warning("no mail goes out", reason=reason, letters=len(mail_ids))
    for mail_id in mail_ids:
        _not_sent(context, mail_id, reason, for_good=False)
    with context.writing() as session:
        raise_alarm(session, context, AlarmKind.MAIL_SERVER, context.settings.smtp_host[:60])


def _not_sent(context: Context, mail_id: int, reason: Reason, for_good: bool) -> None:
    with context.writing() as session:
        mail = session.get_one(OutgoingMail, mail_id, with_for_update=True)
        if mail.state is not MailState.WAITING:  # another has sent it after our lease
            return
        mail.tries, mail.reason = mail.tries + 1, reason
        pause = None if for_good else pause_after(mail.tries)
        if pause is not None:
            mail.due_at = context.now() + pause
            return
    _ended(context, mail_id, MailState.FAILED, reason)


def _ended(context: Context, mail_id: int, state: MailState, reason: Reason | None = None) -> None:
    """The ticket's history says so; nothing of it to the citizen's page."""
    with context.writing() as session:
        ticket = rows.locked(session, session.get_one(OutgoingMail, mail_id).ticket_id)
        mail = session.get_one(OutgoingMail, mail_id, with_for_update=True, populate_existing=True)
        if mail.state is not MailState.WAITING:  # another has sent it after our lease
            return
        mail.state, mail.reason, mail.due_at, mail.ended_at = state, reason, None, context.now()
        if state is MailState.DROPPED:
            return
        if state is MailState.FAILED:
            _log.error("a letter was given up", letter=mail.id, reason=reason)
            ticket.note("mail_failed", SYSTEM, context.now(), mail=mail.kind, unsent_because=reason)
            raise_alarm(session, context, AlarmKind.MAIL_UNSENT, context.settings.smtp_host[:60])
        else:
            ticket.note("mail_sent", SYSTEM, context.now(), mail=mail.kind)
            _told(session, context, mail)
        rows.announce(session, context, ticket, f"mail_{state.value}")


def _told(session: Session, context: Context, mail: OutgoingMail) -> None:
    """Nobody has to call whoever has been written of a refusal."""
    if mail.kind is Kind.REFUSAL and (refusal := refusal_in_force(session, mail.ticket_id)):
        refusal.told_at = refusal.told_at or context.now()
