"""What citizens may do with their own matter, and when: remind, add, rate, withdraw, object."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.appeals import service as appeals
from hotline.appeals import withdrawing
from hotline.appeals.models import AppealKind, AppealState
from hotline.appeals.queries import appeals_of
from hotline.appeals.rules import BEFORE_DISPATCH, LONGEST_WORDS, AppealRefused, against_withdrawal
from hotline.citizens.reminders import REMINDED, SUPPLEMENTED, keep_reminder
from hotline.context import Context
from hotline.evidence.apart import Inspected
from hotline.evidence.enclosures import enclose
from hotline.evidence.keeping import kept
from hotline.follow_up.models import FollowUpState
from hotline.follow_up.queries import of_ticket
from hotline.follow_up.service import NotDue, answer_on_page
from hotline.follow_up.together import judged
from hotline.intake.queries import why_aside
from hotline.people.actors import citizen
from hotline.questions import service as questions
from hotline.screening import asking
from hotline.screening.opening import kept_text
from hotline.tickets import rows
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.service import DraftRefused
from hotline.tickets.states import Confidentiality, State

REMIND_AGAIN_AFTER = ASK_AGAIN_AFTER = timedelta(days=1)
SUPPLEMENTS_A_DAY = 5
TAKE_UP_WITHIN = timedelta(days=30)
LONGEST_SUPPLEMENT = 2000
LONGEST_REASON = 500

WITH_US = (
    State.REGISTERED,
    State.TO_DISPATCH,
    State.DISPATCHED,
    State.RETURN_PENDING,
    State.HANDLING,
    State.SUSPENDED,
    State.REPLIED,
    State.REWORK,
)
ASKED = (State.NEED_INFO, State.NEED_INFO_UNIT)
ENDED_WRONGLY = (AppealKind.RELAPSE, AppealKind.NEW_FACTS, AppealKind.OBJECTION)
"""Why a closed matter is to be taken up again."""


class Deed(StrEnum):
    """What a citizen may do."""

    REMIND = "remind"
    SUPPLEMENT = "supplement"
    RATE = "rate"
    WITHDRAW = "withdraw"
    ASK_TO_WITHDRAW = "ask_to_withdraw"
    TAKE_UP_AGAIN = "take_up_again"
    REOPEN = "reopen"
    OBJECT = "object"


class NotNow(Exception):
    """The lifecycle, or the measure of a day, does not allow it now; `deed` is what was tried."""

    def __init__(self, deed: Deed) -> None:
        super().__init__(deed.value)
        self.deed = deed


def allowed(session: Session, context: Context, ticket: Ticket) -> frozenset[Deed]:
    """What the ticket's citizen may do now. Nothing where the ticket is confidential."""
    if ticket.confidentiality is not Confidentiality.NORMAL:
        return frozenset()
    may = {
        Deed.REMIND: judged(ticket).state in WITH_US
        and not _since(context, ticket, REMINDED, REMIND_AGAIN_AFTER),
        Deed.SUPPLEMENT: (ticket.state in (*WITH_US, *ASKED) or _waits(session, ticket))
        and len(_since(context, ticket, SUPPLEMENTED, timedelta(days=1))) < SUPPLEMENTS_A_DAY,
        Deed.RATE: ticket.state in (State.CALLBACK, State.MERGED) and _is_owed(session, ticket),
        Deed.WITHDRAW: ticket.state in BEFORE_DISPATCH and against_withdrawal(ticket) is None,
        Deed.TAKE_UP_AGAIN: ticket.state is State.WITHDRAWN
        and bool(_since(context, ticket, "withdraw", TAKE_UP_WITHIN)),
        Deed.ASK_TO_WITHDRAW: _may_ask(session, context, ticket, AppealKind.WITHDRAWAL)
        and not _since(context, ticket, "withdrawal_asked", ASK_AGAIN_AFTER),
        Deed.REOPEN: _may_ask(session, context, ticket, AppealKind.RELAPSE)
        and not _refused_since_closing(session, ticket),
        Deed.OBJECT: ticket.state is State.NOT_ACCEPTED
        and _may_ask(session, context, ticket, AppealKind.OBJECTION),
    }
    return frozenset(deed for deed, possible in may.items() if possible)


def remind(context: Context, number: str) -> None:
    """催单: counted by its line in the history, and seen by whoever has the ticket. Raises `NotNow`.

    Of a merged ticket it stands on the master too, where somebody works.
    """
    with context.writing() as session:
        ticket = _opened(session, context, number, Deed.REMIND)
        keep_reminder(session, context, ticket, citizen())


def supplement(context: Context, number: str, text: str, files: Sequence[Inspected] = ()) -> None:
    """Something to add. Where it was asked for, the ticket goes on (T06, T24). Raises `NotNow`.

    The same words once more are the same press of the button. `DraftRefused` for none, or too many;
    `FileRefused` for more files than are taken with one matter: then nothing is kept.
    """
    words = _words("supplement", text, LONGEST_SUPPLEMENT)
    with kept(context, files), context.writing() as session:
        ticket = _opened(session, context, number, Deed.SUPPLEMENT)
        added = enclose(session, context, ticket, files)
        said = [line.reason for line in ticket.history if line.event == SUPPLEMENTED]
        if ticket.state in ASKED or added or words not in said[-1:]:
            add(session, context, ticket, words, answers=True)


def add(session: Session, context: Context, ticket: Ticket, words: str, answers: bool, **facts: Any) -> None:
    """What a citizen adds to a ticket that is locked and of which `allowed` has `Deed.SUPPLEMENT`.

    `answers`: where something was asked, this is the answer, and the ticket goes on. `facts` stand in the
    history.
    """
    mine = context.acting_as(citizen())
    if answers and ticket.state is State.NEED_INFO_UNIT:
        questions.keep_answer(session, mine, ticket, words, **facts)
    elif answers and ticket.state is State.NEED_INFO:
        asking.keep_answer(session, mine, ticket, words, **facts)
    else:
        ticket.note(SUPPLEMENTED, mine.actor, context.now(), words, **facts)
        rows.announce(session, context, ticket, "supplemented")


def rate(context: Context, number: str, solved: bool, satisfaction: int | None, words: str = "") -> None:
    """The answers that a follow-up call would ask for: 1 is very satisfied, 5 very dissatisfied, None unsaid.

    Raises `NotNow`, also while somebody is calling the citizen.
    """
    with context.reading() as session:
        ticket_id = _opened(session, context, number, Deed.RATE).id
    try:
        answer_on_page(context, ticket_id, solved, satisfaction, kept_text("words", words, LONGEST_REASON))
    except NotDue:
        raise NotNow(Deed.RATE) from None


def withdraw(context: Context, number: str, reason: str) -> None:
    """Before it is dispatched (T36, T37). Raises `NotNow`, or `DraftRefused` without a reason."""
    why = _words("reason", reason, LONGEST_REASON)
    with context.writing() as session:
        ticket = _opened(session, context, number, Deed.WITHDRAW)
        withdrawing.withdraw(session, context, ticket, citizen(), why)


def take_up_again(context: Context, number: str) -> None:
    """Within thirty days of the withdrawal: to screening (T40). Raises `NotNow`."""
    with context.writing() as session:
        ticket = _opened(session, context, number, Deed.TAKE_UP_AGAIN)
        ticket.move("withdraw_cancelled", citizen(), context.now())
        rows.announce(session, context, ticket, "taken_up_again")


def ask_to_withdraw(context: Context, number: str, reason: str) -> None:
    """A department has it: the hotline asks the citizen about pressure, and a supervisor decides (T38, T39).

    Raises `NotNow`, or `DraftRefused` without a reason.
    """
    _ask(context, number, Deed.ASK_TO_WITHDRAW, AppealKind.WITHDRAWAL, reason, LONGEST_REASON)


def ask_to_reopen(context: Context, number: str, kind: AppealKind, words: str) -> None:
    """Within thirty days of the closing, for one of `ENDED_WRONGLY`: a supervisor decides (T34). As above."""
    _ask(context, number, Deed.REOPEN, kind, words, LONGEST_WORDS)


def object_to_refusal(context: Context, number: str, words: str) -> None:
    """Once, within ten days of the refusal: a supervisor decides (T09). As above."""
    _ask(context, number, Deed.OBJECT, AppealKind.OBJECTION, words, LONGEST_WORDS)


def _ask(context: Context, number: str, deed: Deed, kind: AppealKind, words: str, longest: int) -> None:
    said = _words("words", words, longest)
    with context.writing() as session:
        ticket = _opened(session, context, number, deed)
        try:
            appeals.keep(session, context, ticket, kind, said, citizen())
        except AppealRefused:  # another kind than the deed's
            raise NotNow(deed) from None


def _may_ask(session: Session, context: Context, ticket: Ticket, kind: AppealKind) -> bool:
    return appeals.against(session, context, ticket, kind) is None


def _refused_since_closing(session: Session, ticket: Ticket) -> bool:
    """Whoever was refused once is heard again, by telephone."""
    return any(
        one.state is AppealState.REFUSED and ticket.closed_at is not None and one.asked_at >= ticket.closed_at
        for one in appeals_of(session, ticket.id)
    )


def _opened(session: Session, context: Context, number: str, deed: Deed) -> Ticket:
    """The ticket, locked: two presses follow one another."""
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or deed not in allowed(session, context, ticket):
        raise NotNow(deed)
    return ticket


def _words(name: str, text: str, longest: int) -> str:
    if not (words := kept_text(name, text, longest)):
        raise DraftRefused(name, "is empty")
    return words


def _is_owed(session: Session, ticket: Ticket) -> bool:
    return any(follow_up.state is FollowUpState.DUE for follow_up in of_ticket(session, ticket.id))


def _waits(session: Session, ticket: Ticket) -> bool:
    """Whether what the citizen wrote is still a draft that somebody will look at."""
    return ticket.state is State.DRAFT and bool(ticket.number) and not why_aside(session, ticket)


def _since(context: Context, ticket: Ticket, event: str, span: timedelta) -> Sequence[HistoryLine]:
    """What this ticket's own citizen did; a reminder of another one names their ticket."""
    lines = (line for line in ticket.history if line.event == event and line.at > context.now() - span)
    return [line for line in lines if "other_number" not in line.changes]
