"""A citizen writes a matter without an account; it waits as a draft for somebody of the hotline.

Number and query code are given at once: the citizen has nothing else to ask by. Nothing is asked for that the
matter can do without.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hotline.citizens import guessing
from hotline.contacts.models import Contact
from hotline.contacts.rules import caller_number
from hotline.context import Context
from hotline.evidence.apart import Inspected
from hotline.evidence.enclosures import enclose, enclosures_of
from hotline.evidence.keeping import kept
from hotline.intake.models import WebMatter
from hotline.intake.rules import IntakeRefused, Obstacle
from hotline.numbering import typed
from hotline.people.actors import NotPermitted, Role, citizen
from hotline.tickets import privacy, rows
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, write_into
from hotline.tickets.states import Channel, Confidentiality, State

LONGEST_MATTER = 4000
LONGEST_WHY = 200
TRIES_PER_ADDRESS = 20
"""Within `guessing.WINDOW`: a library's or a carrier's address is that of many people."""
_KIND = "matter"


@dataclass(frozen=True)
class Matter:
    """What a citizen writes. Without `phone` they are anonymous; `hides`: departments are not told who.

    `files` have been inspected.
    """

    description: str
    wish: str = ""
    place: str = ""
    phone: str = ""
    hides: bool = False
    files: Sequence[Inspected] = ()


@dataclass(frozen=True)
class Written:
    """What the citizen is told."""

    number: str
    query_code: str


def may_try(context: Context, address: str) -> bool:
    """Whether this address may send one more form: asked before a large one is read at all."""
    key = guessing.key_of(context, _KIND, guessing.network_of(address))
    with context.reading() as session:
        return guessing.is_free(session, context, key, TRIES_PER_ADDRESS)


def count_try(context: Context, address: str) -> None:
    """Count one form of this address, right or wrong. Raises `guessing.TooMany`."""
    guessing.count(context, _KIND, address, TRIES_PER_ADDRESS)


def write(context: Context, key: str, matter: Matter) -> Written:
    """A draft with its number. The same `key` and words again are the same press.

    Raises `IntakeRefused`, also for a key under which something else was written, `DraftRefused`, or
    `FileRefused` for more files than are taken; then nothing is kept.
    """
    phone = _phone(matter.phone)
    if not phone and not matter.place.strip():
        raise IntakeRefused(Obstacle.NOWHERE, "place")
    if before := _written(context, key, matter, phone):
        return before
    try:
        return _write(context.acting_as(citizen()), key, matter, phone)
    except IntegrityError:  # the same press, a moment ago
        if before := _written(context, key, matter, phone):
            return before
        raise


def set_aside(context: Context, ticket_id: int, why: str) -> None:
    """No matter at all: abuse, a test, the same once more. What has substance is registered and screened.

    Raises `IntakeRefused` without a reason, or where somebody has decided; `NotPermitted` for a sealed one.
    """
    context.actor.must_have("set aside what a citizen wrote", Role.AGENT, Role.SCREENER)
    reason = why.strip()
    if not reason:
        raise IntakeRefused(Obstacle.NO_REASON, "why")
    if len(reason) > LONGEST_WHY or "\x00" in reason:
        raise IntakeRefused(Obstacle.TOO_LONG, "why")
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        if privacy.is_sealed_for(context.actor, ticket):
            raise NotPermitted(context.actor, "set aside a sealed matter")
        found = session.scalar(select(WebMatter).where(WebMatter.contact_id == ticket.contact_id))
        if found is None or found.aside_at is not None or ticket.state is not State.DRAFT:
            raise IntakeRefused(Obstacle.DECIDED, "why")
        found.aside_at, found.aside_by_id, found.aside_why = context.now(), context.actor.user_id, reason
        ticket.note("set_aside", context.actor, context.now(), reason)
        rows.announce(session, context, ticket, "set_aside")


def _write(context: Context, key: str, matter: Matter, phone: str) -> Written:
    now = context.now()
    with kept(context, matter.files), context.writing() as session:
        contact = Contact(channel=Channel.WEB, source_ref=_ref(key), number=phone, received_at=now)
        ticket = Ticket(contact=contact, channel=Channel.WEB, received_at=now)
        ticket.born(context.actor, now)
        session.add_all([ticket, WebMatter(contact=contact)])
        session.flush()
        write_into(ticket, _draft(matter, phone))
        enclose(session, context, ticket, matter.files)
        rows.give_number(session, context, ticket)
        rows.announce(session, context, ticket, "written")
        return Written(ticket.number or "", ticket.query_code or "")


def _draft(matter: Matter, phone: str) -> Draft:
    return Draft(
        description=matter.description,
        demands=matter.wish.splitlines(),
        address=matter.place,
        complainant_phone=phone,
        confidentiality=Confidentiality.HIDDEN if matter.hides else Confidentiality.NORMAL,
    )


def _phone(written: str) -> str:
    """As numbers are kept; empty for none. Raises `IntakeRefused` for what is no number."""
    number = caller_number(typed(written))
    if written.strip() and number.withheld:
        raise IntakeRefused(Obstacle.NOT_A_NUMBER, "phone")
    return number.number


def _written(context: Context, key: str, matter: Matter, phone: str) -> Written | None:
    with context.reading() as session:
        query = select(Ticket).join(Ticket.contact).where(Contact.source_ref == _ref(key))
        ticket = session.scalars(query.order_by(Ticket.id)).first()
        if ticket is None:
            return None
        sent = {one.sha256 for one in matter.files}
        came = {one.sha256 for one in enclosures_of(session, ticket.id)}
        if not (_is_of(ticket, _draft(matter, phone)) and sent <= came):
            raise IntakeRefused(Obstacle.SENT_BEFORE, "key")
        return Written(ticket.number or "", ticket.query_code or "")


def _is_of(ticket: Ticket, draft: Draft) -> bool:
    """Whether these words made it. Once somebody of the hotline has changed them, nobody's do."""
    wishes = [text.strip() for text in draft.demands or () if text.strip()]
    kept = (ticket.description, ticket.address, ticket.contact.number, ticket.confidentiality)
    sent = (draft.description, draft.address, draft.complainant_phone, draft.confidentiality)
    words = tuple(text.strip() if isinstance(text, str) else text for text in sent)
    return kept == words and [question.text for question in ticket.questions] == wishes


def _ref(key: str) -> str:
    return f"web:{key}"
