"""A letter that answers one of ours goes to the ticket of which we wrote, while it takes something.

It answers if it names our Message-ID, which only its receiver knows, and comes from the address to which we
wrote. A number in the subject anybody can write. What no person wrote answers nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from hotline.citizens.deeds import LONGEST_SUPPLEMENT, Deed, add, allowed
from hotline.context import Context
from hotline.evidence.apart import Inspected
from hotline.evidence.enclosures import enclose
from hotline.mailbox.letters import Letter
from hotline.mailbox.quoting import Signs, own_words
from hotline.outbox import queries
from hotline.outbox.rules import Kind
from hotline.outbox.wording import endings
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

ONLY_FILES = "（来信只有附件）"
"""Stands for the words of an answer that has none."""


@dataclass(frozen=True)
class Answer:
    """The ticket that a letter answers, locked, and what its writer wrote. `asked`: it answers a question."""

    ticket: Ticket
    words: str
    asked: bool


def answer_in(session: Session, context: Context, letter: Letter) -> Answer | None:
    """What the letter answers, or None. A sealed matter is not answered: nothing else may name it."""
    if letter.is_automatic:
        return None
    ours = queries.answered_by(session, letter.answers, letter.sender)
    if not ours:
        return None
    ticket = rows.locked(session, ours[0].ticket_id)
    if ticket.confidentiality is Confidentiality.SEALED:
        return None
    settings = context.settings
    ends = endings(settings.hotline_number, " ".join(settings.city.split()))
    words = own_words(letter.text, Signs(settings.smtp_sender, ticket.number or "", ends))
    return Answer(ticket, words, any(mail.kind is Kind.QUESTION for mail in ours))


def takes(session: Session, context: Context, answer: Answer) -> bool:
    """Whether its ticket takes it, as it would take what is written on the citizen's page."""
    return Deed.SUPPLEMENT in allowed(session, context, answer.ticket)


def join(
    session: Session,
    context: Context,
    answer: Answer,
    files: Sequence[Inspected],
    left_out: int,
    is_cut: bool,
) -> None:
    """The answer to what was asked, else a supplement. Raises `FileRefused` for more files than it takes.

    The history says how many attachments were left out, and whether the words go on; both are in the mailbox.
    """
    facts: dict[str, Any] = {"way": "mail"}
    if left_out:
        facts["left_out"] = left_out
    if is_cut or len(answer.words) > LONGEST_SUPPLEMENT:
        facts["is_cut"] = True
    enclose(session, context, answer.ticket, files)
    words = answer.words[:LONGEST_SUPPLEMENT].strip() or ONLY_FILES
    add(session, context, answer.ticket, words, answer.asked, **facts)
