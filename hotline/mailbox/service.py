"""Fetching letters: each becomes a draft beside what is written on the web, joins the ticket that it answers,
or is set aside and told.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from hotline import events
from hotline.contacts.models import Contact, LetterFault, MailLetter, NoAnswer
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.evidence.apart import Inspected, inspect
from hotline.evidence.enclosures import KINDS, enclose
from hotline.evidence.faults import FileRefused
from hotline.evidence.keeping import kept
from hotline.evidence.kinds import named_kind
from hotline.intake.models import WebMatter
from hotline.line_security.models import AlarmKind
from hotline.line_security.service import raise_alarm
from hotline.mailbox.imap import Head, Mailbox, opened
from hotline.mailbox.joining import Answer, answer_in, join, takes
from hotline.mailbox.letters import Letter, Part, Unreadable, read
from hotline.mailbox.models import MailboxState
from hotline.mailbox.queries import name_of
from hotline.mailbox.rules import MOST_OF_A_SENDER, SENDER_SPAN, Away, Reason, pause_after
from hotline.outbox.rules import Kind, is_mailable, message_id_of
from hotline.outbox.service import owe
from hotline.people.actors import Role, citizen
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, write_into
from hotline.tickets.states import Channel

PAUSE_SECONDS = 2.0

log = structlog.get_logger()


@dataclass(frozen=True)
class _Came:
    """A letter as it is kept: what of it could be read, its key, and why it is set aside, if it is.

    `files` are those of its attachments that come with it, `left_out` the names of the others.
    """

    key: str
    letter: Letter
    fault: LetterFault | None = None
    files: tuple[Inspected, ...] = ()
    left_out: tuple[str, ...] = ()

    def without_files(self) -> "_Came":
        """The same, its attachments in the mailbox alone."""
        return replace(self, files=(), left_out=tuple(part.name for part in self.letter.parts))


def run(context: Context, stop: threading.Event, *also: Callable[[Context], int]) -> None:
    """Fetch, and do what else is to be done with letters, until told to stop."""
    while not stop.is_set():
        for part in (fetch_due, *also):
            try:
                part(context)
            except SQLAlchemyError as error:
                log.error("letters were not kept", part=part.__name__, error=type(error).__name__)
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
        except FileRefused:  # the disk did not take its files: the words are not lost for that
            _keep(context, box, head, came and came.without_files())
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
    came = _Came(_digest(letter.message_id.encode() if letter.message_id else raw), letter)
    with context.reading() as session:
        if _is_known(session, came.key):
            return came
        fault = LetterFault.TOO_LARGE if too_large else _fault(session, context, letter)
    return replace(came.without_files(), fault=fault) if fault else _with_files(context, came)


def _fault(session: Session, context: Context, letter: Letter) -> LetterFault | None:
    if not letter.words:
        return LetterFault.NO_WORDS
    return LetterFault.TOO_MANY if _has_sent_enough(session, context, letter.sender) else None


def _with_files(context: Context, came: _Came) -> _Came:
    """Photographs and PDFs, inspected like those that are sent on the web page, within the same limits."""
    files, left_out, room = list[Inspected](), list[str](), context.settings.enclosure_total_bytes
    for part in came.letter.parts:
        file = _inspected(context, part) if len(files) < context.settings.enclosure_files else None
        if file is None or len(file.content) > room:
            left_out.append(part.name)
        else:
            files.append(file)
            room -= len(file.content)
    return replace(came, files=tuple(files), left_out=tuple(left_out))


def _inspected(context: Context, part: Part) -> Inspected | None:
    if named_kind(part.name) not in KINDS:
        return None
    try:
        return inspect(part.name, part.content, context.settings.enclosure_bytes)
    except FileRefused:
        return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _keep(context: Context, box: Mailbox, head: Head, came: _Came | None) -> None:
    with kept(context, came.files if came else ()), context.writing() as session:
        if came is not None and not _is_known(session, came.key):
            _add(session, context.acting_as(citizen()), came)
        state = _state(session, context)
        if state.uid_validity == box.validity:
            state.last_uid = max(state.last_uid, head.uid)


def _is_known(session: Session, key: str) -> bool:
    return session.scalar(select(MailLetter.id).where(MailLetter.key == key)) is not None


def _add(session: Session, context: Context, came: _Came) -> None:
    answer = None if came.fault else answer_in(session, context, came.letter)
    joins = answer is not None and takes(session, context, answer)
    if answer is not None and joins and not (answer.words or came.letter.parts):  # nothing but our own letter
        came = replace(came, fault=LetterFault.NO_WORDS)
    row = _row(context, came)
    session.add(row)
    if came.fault is not None:
        session.flush()
        events.record(session, context.now(), "letter.set_aside", f"letter:{row.id}", fault=came.fault)
        return
    row.answered = answer.ticket if answer else None
    if answer is not None and joins:
        row.subject, row.message_id, row.left_out = "", "", []  # whoever wrote is known by the first letter
        join(session, context, answer, came.files, len(came.left_out), came.letter.is_cut)
    else:
        _draft(session, context, came, row, answer)


def _row(context: Context, came: _Came) -> MailLetter:
    letter = came.letter
    return MailLetter(
        key=came.key,
        came_at=context.now(),
        sender=letter.sender,
        subject=letter.subject,
        left_out=list(came.left_out),
        is_cut=letter.is_cut,
        message_id=message_id_of(letter.message_id),
        tongue=letter.tongue,
        no_answer=_no_answer(context, letter),
        fault=came.fault,
    )


def _draft(session: Session, context: Context, came: _Came, row: MailLetter, answer: Answer | None) -> None:
    """A matter of its own. What answers a letter of a hidden citizen is as hidden."""
    row.contact = Contact(channel=Channel.MAIL, source_ref=f"mail:{came.key}", received_at=context.now())
    ticket = Ticket(contact=row.contact, channel=Channel.MAIL, received_at=context.now())
    ticket.born(context.actor, context.now())
    session.add_all([ticket, WebMatter(contact=row.contact)])
    session.flush()
    write_into(ticket, _matter(came.letter, answer))
    rows.give_number(session, context, ticket)
    enclose(session, context, ticket, came.files)
    owe(session, context, ticket, Kind.RECEIPT)
    rows.announce(session, context, ticket, "written")


def _matter(letter: Letter, answer: Answer | None) -> Draft:
    if answer is None:
        return Draft(description=letter.words, complainant_name=letter.sender_name)
    own = "\n".join(part for part in (letter.subject, answer.words) if part) if answer.words else letter.words
    return Draft(
        description=own,
        complainant_name=letter.sender_name,
        confidentiality=answer.ticket.confidentiality,
    )


def _no_answer(context: Context, letter: Letter) -> NoAnswer | None:
    """Why the letter is not answered by another; what answers itself would go on for ever."""
    own = {context.settings.smtp_sender.lower(), context.settings.mailbox_user.lower()}
    if letter.sender and letter.sender.lower() in own:
        return NoAnswer.OWN
    if letter.is_automatic:
        return NoAnswer.AUTOMATIC
    return None if is_mailable(letter.sender) else NoAnswer.NO_ADDRESS


def _has_sent_enough(session: Session, context: Context, sender: str) -> bool:
    if not sender:
        return False
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
