"""What a citizen is told of their matter: what was done, by which department, until when. Nothing internal.

Texts that people wrote are masked once more: whoever holds a slip of paper with number and code need not be
the citizen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from hotline.appeals.models import AppealKind, AppealState
from hotline.appeals.queries import appeals_of, waiting_appeal
from hotline.intake.queries import why_aside
from hotline.people.models import Department
from hotline.redaction.rules import masked
from hotline.referrals.models import Referral, ReferralState
from hotline.referrals.queries import of_ticket as referrals_of
from hotline.referrals.rules import EMERGENCY_TAKEN, OUTCOMES
from hotline.replies.models import Adoption, ReplyState
from hotline.replies.queries import replies
from hotline.screening.queries import open_requests, refusal_in_force
from hotline.suspension.queries import running_suspension
from hotline.tickets.four_stages import PartMark, four_stages
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import Confidentiality, ScreeningClass, State, TicketType


class Stage(StrEnum):
    """How far a matter is, as far as citizens are told."""

    RECEIVED = "received"
    SET_ASIDE = "set_aside"  # written on the web page, and nothing to register
    QUESTION = "question"  # the citizen is asked for something
    HANDLING = "handling"
    ON_HOLD = "on_hold"
    REPLIED = "replied"
    CLOSED = "closed"
    NOT_ACCEPTED = "not_accepted"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


# A draft has a number where its citizen wrote it on the web page.
STAGES: Mapping[State, Stage] = {
    State.DRAFT: Stage.RECEIVED,
    State.REGISTERED: Stage.RECEIVED,
    State.NEED_INFO: Stage.QUESTION,
    State.NOT_ACCEPTED: Stage.NOT_ACCEPTED,
    State.MERGED: Stage.MERGED,
    State.TRANSFERRED: Stage.TRANSFERRED,
    State.TO_DISPATCH: Stage.RECEIVED,
    State.DISPATCHED: Stage.HANDLING,
    State.RETURN_PENDING: Stage.HANDLING,
    State.HANDLING: Stage.HANDLING,
    State.NEED_INFO_UNIT: Stage.QUESTION,
    State.SUSPENDED: Stage.ON_HOLD,
    State.REPLIED: Stage.HANDLING,  # the reply is the citizen's once the hotline has accepted it
    State.CALLBACK: Stage.REPLIED,
    State.REWORK: Stage.HANDLING,
    State.CLOSED: Stage.CLOSED,
    State.WITHDRAWN: Stage.WITHDRAWN,
    State.ARCHIVED: Stage.CLOSED,
}

# The lines of a history that are the citizen's to know. Everything else is internal.
STEPS = (
    "submit",
    "answer_directly",
    "answer_backoffice",
    "hot_transfer",
    "ask_info",
    "info_received",
    "refuse",
    "refusal_overturned",
    "refer_out",
    "external_receipt",
    "external_return",
    "merge",
    "unmerge",
    "accept",
    "dispatch",
    "sign",
    "extension_approved",
    "suspend",
    "resume",
    "accept_reply",
    "answered_follow_up",
    "close",
    "unreachable",
    "master_closed",
    "redispatch",
    "reopen",
    "reopen_exceptional",
    "withdraw",
    "withdraw_cancelled",
    "withdrawal_asked",
    "withdrawal_refused",
    "reopening_asked",
    "reopening_refused",
    "objected",
    "objection_rejected",
    "reminded",
    "supplemented",
    "enclosed",
)
REACHED = "citizen_contacted"
# What is done with the matter; everything else on a master is between its own citizen and the hotline.
OF_THE_MATTER = (
    "external_receipt",
    "accept",
    "dispatch",
    "answer_backoffice",
    "sign",
    "extension_approved",
    "suspend",
    "resume",
    "accept_reply",
    "redispatch",
    "reopen",
    "reopen_exceptional",
)


@dataclass(frozen=True)
class Step:
    """Something that was done: which line of the history it is, when, and by which department."""

    event: str
    at: datetime
    department: Department | None = None


@dataclass(frozen=True)
class Asked:
    """What the citizen has last asked the hotline to decide; `decision` is why not."""

    kind: AppealKind
    waits: bool
    decision: str


@dataclass(frozen=True)
class Progress:
    """What is told. Of a confidential ticket only `number` and `stage` are, and `reply` where the citizen has
    left no telephone and learns it in no other way: all else is empty.

    `due_at` is there while the department's clock runs, `review_at` while it is on hold. `body` is the office
    that the matter was referred to, `receipt` its number there once that office has confirmed it.
    """

    number: str
    stage: Stage
    is_confidential: bool = False
    department: Department | None = None
    due_at: datetime | None = None
    review_at: datetime | None = None
    body: Department | None = None
    receipt: str = ""
    is_merged: bool = False
    question: str = ""
    reply: str = ""
    asked: Asked | None = None
    steps: tuple[Step, ...] = ()
    stages: tuple[PartMark, ...] = ()
    adoption: Adoption | None = None
    adoption_reason: str = ""


def progress_of(session: Session, ticket: Ticket) -> Progress:
    """How far the ticket is."""
    number, stage = ticket.number or "", STAGES[ticket.state]
    aside = why_aside(session, ticket)
    if aside:
        stage = Stage.SET_ASIDE
    if ticket.confidentiality is not Confidentiality.NORMAL:
        reply = _reply_without_telephone(session, ticket, aside)
        return Progress(number, stage, is_confidential=True, reply=reply)
    if ticket.master is not None and ticket.state in _WITH_MASTER:
        return _with_master(session, ticket, ticket.master)
    on_hold = running_suspension(session, ticket) if stage is Stage.ON_HOLD else None
    if stage is Stage.CLOSED and ticket.outcome in _GOES_ON_ELSEWHERE:
        stage = Stage.TRANSFERRED
    referral, steps = _referral(session, ticket), tuple(_steps(session, ticket))
    return Progress(
        number=number,
        stage=stage,
        department=session.get(Department, ticket.holder_id) if ticket.holder_id else None,
        due_at=ticket.due_at if stage is Stage.HANDLING else None,
        review_at=on_hold.review_at if on_hold else None,
        body=referral.body if referral else None,
        receipt=masked(referral.receipt) if referral else "",
        question=_question(session, ticket) if stage is Stage.QUESTION else "",
        reply=masked(aside) or (masked(referral.result) if referral else "") or _reply(session, ticket),
        asked=_asked(session, ticket),
        steps=steps,
        stages=() if aside else four_stages(ticket, steps, _told_state(ticket)),
        **_adoption(session, ticket, stage),
    )


_GOES_ON_ELSEWHERE = (EMERGENCY_TAKEN, OUTCOMES[ScreeningClass.PETITION])
"""Closed it is at the hotline alone."""


def _referral(session: Session, ticket: Ticket) -> Referral | None:
    """By which another office has the matter, or the one by which it is closed."""
    ended = STAGES[ticket.state] is Stage.CLOSED and ticket.outcome in OUTCOMES.values()
    if not ended and ticket.state is not State.TRANSFERRED:
        return None
    found = referrals_of(session, ticket.id)
    return found[-1] if found and found[-1].state is not ReferralState.SENT_BACK else None


_WITH_MASTER = (State.MERGED, State.CLOSED, State.ARCHIVED)


def _reply_without_telephone(session: Session, ticket: Ticket, aside: str) -> str:
    """What a hidden citizen is answered whom nobody can call; nothing of a sealed ticket."""
    can_be_called = ticket.complainant_phone or ticket.contact.number
    if ticket.confidentiality is Confidentiality.SEALED or can_be_called:
        return ""
    if ticket.master is not None and ticket.state in _WITH_MASTER:
        return _with_master(session, ticket, ticket.master).reply
    return masked(aside) or _reply(session, ticket)


def _with_master(session: Session, ticket: Ticket, master: Ticket) -> Progress:
    """A merged ticket: its own steps, and of its master what was done with the matter."""
    done = progress_of(session, master)
    stage = STAGES[ticket.state] if ticket.state is not State.MERGED else _stage_under(master)
    shared = [line for line in master.history if line.event in OF_THE_MATTER]
    steps = [
        *_steps(session, ticket),
        *(Step(line.event, line.at, _department(session, line)) for line in shared),
    ]
    answered = stage in (Stage.REPLIED, Stage.CLOSED) and not done.is_confidential
    return Progress(
        number=ticket.number or "",
        stage=stage,
        department=done.department,
        due_at=done.due_at if stage is Stage.HANDLING else None,
        review_at=done.review_at,
        is_merged=True,
        reply=_answers(session, master) if answered else "",
        asked=_asked(session, ticket),
        steps=tuple(sorted(steps, key=lambda step: step.at)) if not done.is_confidential else (),
        stages=four_stages(ticket, steps, _state_under(ticket, master)),
        **(_adoption(session, master, stage) if answered else {}),
    )


def _asked(session: Session, ticket: Ticket) -> Asked | None:
    """What waits, or was not granted since the ticket last moved; who was pressed reads no more than that it
    goes on."""
    if waiting := waiting_appeal(session, ticket.id):
        return Asked(waiting.kind, True, "")
    moved = max((line.at for line in ticket.history if line.from_state != line.to_state), default=None)
    last = next(reversed(appeals_of(session, ticket.id)), None)
    refused = last is not None and last.state in (AppealState.REFUSED, AppealState.PRESSED)
    if last is None or not refused or last.decided_at is None or (moved and moved > last.decided_at):
        return None
    return Asked(last.kind, False, masked(last.decision))


def _adoption(session: Session, ticket: Ticket, stage: Stage) -> dict[str, Any]:
    """Whether the suggestion was taken up, as the newest accepted reply says; nothing while it is handled."""
    if ticket.type is not TicketType.SUGGESTION or stage not in (Stage.REPLIED, Stage.CLOSED):
        return {}
    accepted = [reply for reply in replies(session, ticket.id) if reply.state is ReplyState.ACCEPTED]
    if not accepted or accepted[-1].adoption is None:
        return {}
    return {"adoption": accepted[-1].adoption, "adoption_reason": masked(accepted[-1].adoption_reason)}


def _told_state(ticket: Ticket) -> State:
    """A reply that the hotline has not accepted is not told of."""
    return State.HANDLING if ticket.state is State.REPLIED else ticket.state


def _state_under(ticket: Ticket, master: Ticket) -> State:
    """A merged ticket is as far as its master, until its own citizen is asked."""
    if ticket.state is not State.MERGED:
        return ticket.state
    return State.CALLBACK if STAGES[master.state] is Stage.CLOSED else _told_state(master)


def _stage_under(master: Ticket) -> Stage:
    """What the master's citizen is asked is not for the others; closed it is once they were asked."""
    if master.state is State.NEED_INFO:
        return Stage.RECEIVED
    if master.state is State.NEED_INFO_UNIT:
        return Stage.HANDLING
    stage = STAGES[master.state]
    return Stage.REPLIED if stage is Stage.CLOSED else stage


def _question(session: Session, ticket: Ticket) -> str:
    """What the citizen is asked for, in the hotline's or the department's words."""
    if asked := open_requests(session, ticket.id):
        return masked(asked[-1].question)
    lines = [line.changes.get("question", "") for line in ticket.history if line.event == "ask_info"]
    return masked(lines[-1]) if lines else ""


def _reply(session: Session, ticket: Ticket) -> str:
    """The refusal in force; else, while it stands, the last accepted reply or direct answer."""
    stage = STAGES[ticket.state]
    if stage is Stage.NOT_ACCEPTED and (refusal := refusal_in_force(session, ticket.id)):
        return masked(refusal.told)
    if stage not in (Stage.REPLIED, Stage.CLOSED):
        return ""  # being handled anew: what was said before no longer counts
    return _answers(session, ticket)


def _answers(session: Session, ticket: Ticket) -> str:
    """The last accepted reply or direct answer."""
    told = [(line.at, line.changes.get("answer", "")) for line in ticket.history if line.event in STEPS]
    accepted = (reply for reply in replies(session, ticket.id) if reply.state is ReplyState.ACCEPTED)
    told.extend((reply.reviewed_at, reply.public_text) for reply in accepted if reply.reviewed_at)
    answers = [text for _, text in sorted(told) if text]
    return masked(answers[-1]) if answers else ""


def _steps(session: Session, ticket: Ticket) -> list[Step]:
    return [
        Step(line.event, line.at, _department(session, line)) for line in ticket.history if _is_told(line)
    ]


def _is_told(line: HistoryLine) -> bool:
    if "other_number" in line.changes and line.event == "reminded":
        return False  # another citizen's
    return line.event in STEPS or (line.event == REACHED and bool(line.changes.get("reached")))


def _department(session: Session, line: HistoryLine) -> Department | None:
    """The department that the matter went to, or that acted; the hotline is not named."""
    named = line.changes.get("lead_id" if line.event == "dispatch" else "body_id")
    found = named or line.department_id
    department = session.get(Department, found) if found else None
    return department if department and not department.is_hotline else None
