"""What a citizen may ask for when, and who deals with it (rulebook B2: T09, T34, T38, T39). Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from hotline.appeals.models import AppealKind
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import ScreeningClass, State, Urgency

REOPENED_WITHIN = timedelta(days=30)
REOPENED = ("reopen", "reopen_exceptional")
"""Moves that take up what has ended."""
LONGEST_WORDS = 2000

WRITERS = (Role.AGENT, Role.CALLBACK_AGENT)
"""They speak with citizens, and so write down what these ask for."""
CHECKERS = (Role.CALLBACK_AGENT,)
"""They ask the citizen whether somebody pressed them: the hotline does, and never the department."""
JUDGES = (Role.SUPERVISOR,)

ELSEWHERE = (ScreeningClass.PETITION, ScreeningClass.DISCIPLINE, ScreeningClass.MEDIA)
"""Finished by another office, by its own rules, with its own ways to object."""
BEFORE_DISPATCH = (State.REGISTERED, State.TO_DISPATCH)
"""Here a withdrawal is the citizen's alone (T36, T37)."""
WITHDRAWN_FROM = (State.DISPATCHED, State.HANDLING)
WITH_A_DEPARTMENT = (
    *WITHDRAWN_FROM,
    State.RETURN_PENDING,
    State.NEED_INFO_UNIT,
    State.SUSPENDED,
    State.REPLIED,
    State.CALLBACK,
    State.REWORK,
)
"""Where a withdrawal that was asked for still waits, though it cannot be granted everywhere."""


class Obstacle(StrEnum):
    """Why something is not asked for, checked or decided."""

    NOT_NOW = "not_now"
    WAITING = "waiting"
    DANGER = "danger"
    OTHERS_WAIT = "others_wait"
    TOO_LATE = "too_late"
    REFERRED = "referred"
    ANONYMISED = "anonymised"
    NO_WORDS = "no_words"
    NO_REASON = "no_reason"
    NOTHING_WAITS = "nothing_waits"
    NOT_CHECKED = "not_checked"
    CHECKED = "checked"
    OWN_REQUEST = "own_request"


class AppealRefused(Exception):
    """It is not asked for, checked or decided; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


def kinds_for(state: State) -> tuple[AppealKind, ...]:
    """What may be asked for in this state at all."""
    if state in WITHDRAWN_FROM:
        return (AppealKind.WITHDRAWAL,)
    if state is State.CLOSED:
        return (AppealKind.RELAPSE, AppealKind.NEW_FACTS, AppealKind.OBJECTION)
    return (AppealKind.OBJECTION,) if state is State.NOT_ACCEPTED else ()


def against(ticket: Ticket, kind: AppealKind, now: datetime) -> Obstacle | None:
    """What stands against it in the ticket itself. The days for objecting to a refusal are the refusal's."""
    if kind not in kinds_for(ticket.state):
        return Obstacle.NOT_NOW
    if kind is AppealKind.WITHDRAWAL:
        return against_withdrawal(ticket)
    return _against_reopening(ticket, now) if ticket.state is State.CLOSED else None


def against_withdrawal(ticket: Ticket) -> Obstacle | None:
    """What endangers people is handled, whoever withdraws it; and others may wait for what becomes of it."""
    if ticket.urgency is Urgency.FLASH:
        return Obstacle.DANGER
    return Obstacle.OTHERS_WAIT if ticket.merged else None


def may_reopen(closed_at: datetime | None, now: datetime) -> bool:
    """Thirty days after it was closed it is another matter (B7)."""
    return closed_at is not None and now - closed_at <= REOPENED_WITHIN


def _against_reopening(ticket: Ticket, now: datetime) -> Obstacle | None:
    if ticket.anonymised_at is not None:
        return Obstacle.ANONYMISED
    if ticket.screening_class in ELSEWHERE:
        return Obstacle.REFERRED
    return None if may_reopen(ticket.closed_at, now) else Obstacle.TOO_LATE
