"""What the timeline of a ticket's page is given, and what its entries are called."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from agent_console.history import EVENTS
from agent_console.labels import TYPES
from agent_console.tickets.reads import TicketPage
from agent_console.tickets.timeline import Day, Entry, Kind, Told, by_day, entries
from agent_console.times import local
from agent_console.words import LazyString, _, _l
from hotline.calls.models import Call
from hotline.replies.models import Reply, ReplyState
from hotline.replies.queries import replies

_TITLES: Mapping[Kind, LazyString] = {
    Kind.ATTEMPT: EVENTS["follow_up_attempt"],
    Kind.CONTACT: EVENTS["citizen_contacted"],
    Kind.REPLY: _l("承办单位的回复"),
    Kind.ANSWER: EVENTS["answer_directly"],
    Kind.FILE: EVENTS["evidence_added"],
    Kind.ENCLOSURE: EVENTS["enclosed"],
}


def days_of(session: Session, page: TicketPage) -> list[Day]:
    """The timeline, of what the page may show: nothing that it keeps back comes in by another way."""
    told = Told(
        received_at=page.ticket.received_at,
        lines=page.history,
        calls=page.calls if page.may_listen else (),
        recordings=page.recordings,
        attempts=[attempt for follow_up in page.follow_ups for attempt in follow_up.attempts],
        contacts=page.contacts,
        replies=_replies(session, page),
        answer=page.answer,
        files=page.evidence,
        enclosures=page.enclosures,
    )
    return by_day(entries(told), local)


def title_of(entry: Entry, page: TicketPage) -> str:
    """Of an entry without a line of the history: what the line would say."""
    kind, thing = entry.parts[0].kind, entry.parts[0].thing
    if kind is Kind.WORDS:
        matter = str(TYPES[page.ticket.type]) if page.ticket.type else _("诉求")
        return f"{matter} · {page.category}" if page.category else matter
    if kind in _TITLES:
        return str(_TITLES[kind])
    call = thing if isinstance(thing, Call) else getattr(thing, "call", None)
    return _("去电") if call is not None and call.outgoing else _("来电")


def _replies(session: Session, page: TicketPage) -> list[Reply]:
    """All that were sent to the hotline, and the one that the page shows in any case: a draft of the
    department that has the ticket, or the master's."""
    own = [one for one in replies(session, page.ticket.id) if one.state is not ReplyState.DRAFTED]
    return own if page.reply is None or page.reply in own else [*own, page.reply]
