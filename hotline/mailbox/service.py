"""Fetching letters: each becomes a draft beside what is written on the web, or is set aside and told."""

import hashlib
import threading
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from hotline import events
from hotline.contacts.models import Contact, LetterFault, MailLetter
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.intake.models import WebMatter
from hotline.line_security.models import AlarmKind
from hotline.line_security.service import raise_alarm
from hotline.mailbox.imap import Head, Mailbox, opened
from hotline.mailbox.letters import Letter, Unreadable, read
from hotline.mailbox.models import MailboxState
from hotline.mailbox.queries import name_of
from hotline.mailbox.rules import MOST_OF_A_SENDER, SENDER_SPAN, Away, Reason, pause_after
from hotline.people.actors import Role, citizen
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, write_into
from hotline.tickets.states import Channel

PAUSE_SECONDS = 2.0

log = structlog.get_logger()


@dataclass(frozen=True)
class _Came:
    """A letter as it is kept: what of it could be read, its key, and why it is set aside, if it is."""

    key: str
    letter: Letter
    fault: LetterFault | None


def run(context: Context, stop: threading.Event) -> None:
    """Fetch until told to stop."""
    while not stop.is_set():
        try:
            fetch_due(context)
        except SQLAlchemyError as error:
            log.error("letters were not kept", error=type(error).__name__)
        stop.wait(PAUSE_SECONDS)


def fetch_due(context: Context) -> int:
    """Ask the mailbox if it is due and nobody else asks it. Returns how many letters were read.

    A letter and the mark that it was read are one transaction; what is read again is known by its Message-ID.
    """
    if not context.settings.mailbox_host or not _claimed(context):
        return 0
    try:
        with opened(context.settings) as box:
            return _fetch(context, box)
    except Away as away:
        _tell(context, away.reason)
        return 0


def letter_seen(context: Context, letter_id: int) -> None:
    """Somebody has looked at a letter that was set aside: who sent it is kept no longer."""
    context.actor.must_have("see to a letter", Role.AGENT, Role.SCREENER)
    with context.writing() as session:
        letter = session.get_one(MailLetter, letter_id, with_for_update=True)
        if letter.fault is not None and letter.seen_at is None:
            letter.seen_at, letter.seen_by_id = context.now(), context.actor.user_id
            letter.sender, letter.subject, letter.left_out = "", "", []


def _claimed(context: Context) -> bool:
    name, now = name_of(context.settings), context.now()
    with context.writing() as session:
        insert_unless_there(session, MailboxState, name=name, last_uid=0, failures=0, due_at=now)
        due = update(MailboxState).where(MailboxState.name == name, MailboxState.due_at <= now)
        claimed = session.execute(due.values(due_at=now + _every(context)))
        return bool(claimed.rowcount)  # type: ignore[attr-defined]


def _fetch(context: Context, box: Mailbox) -> int:
    heads = box.newer(_read_up_to(context, box), context.settings.mailbox_letters)
    for head in heads:
        came = _read(context, box, head)
        try:
            _keep(context, box, head, came)
        except IntegrityError:  # another process has just kept it
            _keep(context, box, head, came)
    with context.writing() as session:
        state = _state(session, context)
        state.failures, state.failing_since, state.reason = 0, None, None
        state.asked_at = context.now()
        if len(heads) == context.settings.mailbox_letters:  # there may be more
            state.due_at = context.now()
    return len(heads)


def _read_up_to(context: Context, box: Mailbox) -> int:
    """The number after which letters are new. A box that was made anew is read from its beginning."""
    with context.writing() as session:
        state = _state(session, context)
        if state.uid_validity != box.validity:
            state.last_uid = box.before_unread() if state.uid_validity is None else 0
            state.uid_validity = box.validity
        return state.last_uid


def _read(context: Context, box: Mailbox, head: Head) -> _Came | None:
    """None for a letter that is no longer there."""
    too_large = head.size > context.settings.mailbox_letter_bytes
    raw = head.headings if too_large else box.raw(head.uid)
    if not raw:
        return None
    try:
        letter = read(raw)
    except Unreadable as error:
        log.warning("a letter cannot be read", error=str(error))
        return _Came(_digest(raw), Letter("", "", "", "", ""), LetterFault.UNREADABLE)
    key = _digest(letter.message_id.encode() if letter.message_id else raw)
    if too_large:
        return _Came(key, letter, LetterFault.TOO_LARGE)
    return _Came(key, letter, None if letter.words else LetterFault.NO_WORDS)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _keep(context: Context, box: Mailbox, head: Head, came: _Came | None) -> None:
    with context.writing() as session:
        if came is not None and not _is_known(session, came.key):
            _add(session, context.acting_as(citizen()), came)
        state = _state(session, context)
        if state.uid_validity == box.validity:
            state.last_uid = max(state.last_uid, head.uid)


def _is_known(session: Session, key: str) -> bool:
    return session.scalar(select(MailLetter.id).where(MailLetter.key == key)) is not None


def _add(session: Session, context: Context, came: _Came) -> None:
    letter, fault = came.letter, came.fault
    if fault is None and letter.sender and _has_sent_enough(session, context, letter.sender):
        fault = LetterFault.TOO_MANY
    kept = MailLetter(
        key=came.key,
        came_at=context.now(),
        sender=letter.sender,
        subject=letter.subject,
        left_out=list(letter.left_out),
        is_cut=letter.is_cut,
        fault=fault,
    )
    session.add(kept)
    if fault is not None:
        session.flush()
        events.record(session, context.now(), "letter.set_aside", f"letter:{kept.id}", fault=fault)
        return
    kept.contact = Contact(channel=Channel.MAIL, source_ref=f"mail:{came.key}", received_at=context.now())
    ticket = Ticket(contact=kept.contact, channel=Channel.MAIL, received_at=context.now())
    ticket.born(context.actor, context.now())
    session.add_all([ticket, WebMatter(contact=kept.contact)])
    session.flush()
    write_into(ticket, Draft(description=letter.words, complainant_name=letter.sender_name))
    rows.announce(session, context, ticket, "written")


def _has_sent_enough(session: Session, context: Context, sender: str) -> bool:
    since = context.now() - SENDER_SPAN
    lately = select(func.count(MailLetter.id)).where(MailLetter.sender == sender, MailLetter.came_at > since)
    return (session.scalar(lately) or 0) >= MOST_OF_A_SENDER


def _tell(context: Context, reason: Reason) -> None:
    """An alarm that supervisors and `hotline check` see, a line on the page, and another try later."""
    log.warning("mailbox away", reason=reason)
    with context.writing() as session:
        state = _state(session, context)
        state.failing_since = state.failing_since or context.now()
        state.due_at = context.now() + pause_after(state.failures, _every(context))
        state.failures += 1
        state.reason = reason
        raise_alarm(session, context, AlarmKind.MAILBOX, context.settings.mailbox_host[:60])


def _state(session: Session, context: Context) -> MailboxState:
    query = select(MailboxState).where(MailboxState.name == name_of(context.settings))
    return session.scalars(query.with_for_update()).one()


def _every(context: Context) -> timedelta:
    return timedelta(seconds=context.settings.mailbox_every_seconds)
