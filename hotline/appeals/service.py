"""What citizens ask for, the call about pressure, and the supervisor's decision (T09, T34, T38, T39)."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from hotline.appeals import queries, rules
from hotline.appeals.models import Appeal, AppealKind, AppealState
from hotline.appeals.reopening import take_up
from hotline.appeals.rules import AppealRefused, Obstacle
from hotline.appeals.settling import decide as settle_one
from hotline.appeals.withdrawing import withdraw
from hotline.context import Context
from hotline.people.actors import Actor, NotPermitted
from hotline.screening import refusing
from hotline.screening.opening import kept_text, opened
from hotline.screening.queries import refusal_in_force
from hotline.supervision import cases
from hotline.supervision import queries as supervision
from hotline.supervision.rules import CaseState, pressed_step
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

ASKED: Mapping[AppealKind, str] = {
    AppealKind.WITHDRAWAL: "withdrawal_asked",
    AppealKind.RELAPSE: "reopening_asked",
    AppealKind.NEW_FACTS: "reopening_asked",
    AppealKind.OBJECTION: "objected",
}
REFUSED: Mapping[AppealKind, str] = {
    AppealKind.WITHDRAWAL: "withdrawal_refused",
    AppealKind.RELAPSE: "reopening_refused",
    AppealKind.NEW_FACTS: "reopening_refused",
    AppealKind.OBJECTION: "objection_rejected",
}


class Found(StrEnum):
    """What the hotline's call about a withdrawal has found."""

    FREELY = "freely"
    PRESSED = "pressed"
    NOT_REACHED = "not_reached"


def against(session: Session, context: Context, ticket: Ticket, kind: AppealKind) -> Obstacle | None:
    """What stands against asking for it now, or None."""
    if why := rules.against(ticket, kind, context.now()):
        return why
    if ticket.state is State.NOT_ACCEPTED:
        refusal = refusal_in_force(session, ticket.id)
        if refusal is None or refusal.objected_at or not refusing.may_object(context, refusal):
            return Obstacle.TOO_LATE
    return Obstacle.WAITING if queries.waiting_appeal(session, ticket.id) else None


def keep(
    session: Session, context: Context, ticket: Ticket, kind: AppealKind, words: str, actor: Actor
) -> None:
    """Note that the citizen asks for it; `actor` is the citizen, or the agent who writes it down.

    The department goes on meanwhile, and its clock runs. Raises `AppealRefused`.
    """
    _refuse(against(session, context, ticket, kind))
    _refuse(None if words else Obstacle.NO_WORDS)
    session.add(
        Appeal(
            ticket_id=ticket.id,
            kind=kind,
            asked_at=context.now(),
            asked_by_id=actor.user_id,
            words=words,
        )
    )
    ticket.note(ASKED[kind], actor, context.now(), words, appeal=kind)
    rows.announce(session, context, ticket, "appealed")


def write_down(context: Context, ticket_id: int, kind: AppealKind, words: str) -> None:
    """A citizen who calls wants this. Before dispatch a withdrawal needs nobody else (T36, T37).

    Raises `AppealRefused`, and `NotPermitted` where the ticket is sealed.
    """
    context.actor.must_have("write down what a citizen asks for", *rules.WRITERS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "write down what a citizen asks for")
        said = kept_text("words", words, rules.LONGEST_WORDS)
        if kind is AppealKind.WITHDRAWAL and ticket.state in rules.BEFORE_DISPATCH:
            _refuse(None if said else Obstacle.NO_WORDS)
            withdraw(session, context, ticket, context.actor, said)
        else:
            keep(session, context, ticket, kind, said, context.actor)


def check(context: Context, ticket_id: int, found: Found, finding: str = "") -> None:
    """The hotline has called the citizen about their withdrawal; never somebody of the department.

    Whoever was pressed goes on being heard: the withdrawal ends here, the ticket goes on, and a notice is
    proposed to the ladder. Raises `AppealRefused` where nothing waits, or somebody has asked them already.
    """
    context.actor.must_have("check a withdrawal", *rules.CHECKERS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "check a withdrawal")
        appeal = _waiting(session, ticket)
        _refuse(None if appeal.kind is AppealKind.WITHDRAWAL else Obstacle.NOTHING_WAITS)
        _refuse(Obstacle.CHECKED if appeal.checked_at else None)
        _refuse_own(context, appeal)
        if ticket.holder_id == context.actor.department_id:
            raise NotPermitted(context.actor, "check a withdrawal from their own department")
        said = kept_text("finding", finding, rules.LONGEST_WORDS)
        if found is Found.NOT_REACHED:
            appeal.tries += 1
            ticket.note("withdrawal_not_reached", context.actor, context.now(), said, attempts=appeal.tries)
        else:
            _checked(session, context, ticket, appeal, found is Found.FREELY, said)
        rows.announce(session, context, ticket, "withdrawal_checked")


def decide(context: Context, ticket_id: int, granted: bool, reason: str) -> None:
    """A supervisor decides, with a reason that the citizen reads: withdrawn, taken up again, or neither.

    Raises `AppealRefused` without a reason, where nothing waits, to whoever wrote it down or checked it, and
    while nobody has asked the citizen about pressure; what `Ticket.move` raises where the lifecycle forbids
    it now.
    """
    context.actor.must_have("decide what a citizen asks for", *rules.JUDGES)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "decide what a citizen asks for")
        appeal = _waiting(session, ticket)
        _refuse_own(context, appeal)
        why = kept_text("reason", reason, rules.LONGEST_WORDS)
        _refuse(None if why else Obstacle.NO_REASON)
        if ticket.state is State.NOT_ACCEPTED:
            refusing.hear(session, context, ticket_id, granted, why, appeal.asked_at)
        elif not granted:
            settle_one(context, appeal, AppealState.REFUSED, why)
            ticket.note(REFUSED[appeal.kind], context.actor, context.now(), why, appeal=appeal.kind)
            rows.announce(session, context, ticket, "appeal_refused")
        elif appeal.kind is AppealKind.WITHDRAWAL:
            _withdraw(session, context, ticket, appeal, why)
        else:
            take_up(session, context, ticket, "reopen", why, appeal=appeal.kind)


def _withdraw(session: Session, context: Context, ticket: Ticket, appeal: Appeal, why: str) -> None:
    """T38, T39."""
    if ticket.state is State.HANDLING and not appeal.freely:
        raise AppealRefused(Obstacle.NOT_CHECKED)
    free = bool(appeal.freely)
    withdraw(session, context, ticket, context.actor, why, verified_without_pressure=free)
    settle_one(context, appeal, AppealState.GRANTED, why)


def _checked(
    session: Session, context: Context, ticket: Ticket, appeal: Appeal, freely: bool, said: str
) -> None:
    _refuse(None if freely or said else Obstacle.NO_REASON)
    appeal.freely, appeal.finding = freely, said
    appeal.checked_at, appeal.checked_by_id = context.now(), context.actor.user_id
    ticket.note("withdrawal_checked", context.actor, context.now(), said, freely=freely)
    if freely:
        return
    settle_one(context, appeal, AppealState.PRESSED, "")
    if not supervision.proposed(session, ticket.id) and not supervision.still_open(session, ticket.id):
        # Without the citizen's words: a notice is read by the department.
        cases.begin(session, context, ticket, pressed_step(appeal.id), CaseState.PROPOSED)


def _waiting(session: Session, ticket: Ticket) -> Appeal:
    appeal = queries.waiting_appeal(session, ticket.id)
    if appeal is None:
        raise AppealRefused(Obstacle.NOTHING_WAITS)
    return appeal


def _refuse_own(context: Context, appeal: Appeal) -> None:
    """Nobody checks or decides what they had a hand in already."""
    if context.actor.user_id in (appeal.asked_by_id, appeal.checked_by_id):
        raise AppealRefused(Obstacle.OWN_REQUEST)


def _refuse(obstacle: Obstacle | None) -> None:
    if obstacle is not None:
        raise AppealRefused(obstacle)
