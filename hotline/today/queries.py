"""What waits for somebody now, list by list. The lists themselves are read where their features are.

Sealed tickets count nowhere. A list in which nothing waits for this person to act, as what is sampled or only
looked up, is not among them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from hotline.appeals.queries import unchecked, undecided
from hotline.appeals.rules import CHECKERS, JUDGES
from hotline.calls.models import Call, OwedCallback
from hotline.contacts.channels import own_of
from hotline.coordination.queries import unprepared, unread_briefs
from hotline.coordination.rules import BRIEFERS, NAMERS
from hotline.dispatch.models import ReturnRequest
from hotline.dispatch.queries import parts_to_finish, undecided_returns
from hotline.extensions.models import ExtensionRequest, ExtensionState
from hotline.extensions.queries import undecided_extensions
from hotline.extensions.rules import FIRST_JUDGES, INSTRUCTING_JUDGES, SECOND_JUDGES
from hotline.follow_up.models import FollowUp
from hotline.follow_up.queries import not_done
from hotline.harassment.models import BarredCaller, BarState
from hotline.inspections.models import Inspection, InspectionFinding
from hotline.intake.queries import undecided_web_drafts
from hotline.outbox.queries import given_up
from hotline.people.actors import Actor, Role
from hotline.rechecks.models import Recheck
from hotline.rechecks.queries import to_look_at
from hotline.referrals.models import Referral, ReferralState
from hotline.referrals.queries import at_office, handed_over
from hotline.screening.models import AnswerReview, RefusalState
from hotline.screening.queries import answers_in, refusals_in, refusals_to_tell, unscreened
from hotline.screening.refusing import TELLERS
from hotline.supervision.alarms import unseen_by_office
from hotline.supervision.models import Instruction, LateAlarm, SupervisionCase
from hotline.supervision.queries import cases_in, unanswered_by, unreported_instructions
from hotline.supervision.rules import CLOSERS, ISSUERS, REPORTERS, CaseState, Level
from hotline.suspension.queries import undecided_suspensions
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import BODY_ROLES
from hotline.tickets.states import Confidentiality, KeptOpenBy, State, TicketTrack

WITH_A_UNIT = (State.DISPATCHED, State.HANDLING)
"""While it is the department that has to act: what waits for the citizen or the hotline is left out."""


class Place(StrEnum):
    """A list of the console in which something may wait."""

    SCREENING = "screening"
    REFUSALS = "refusals"
    REFERRALS = "referrals"
    WEB = "web"
    DISPATCH = "dispatch"
    RETURNS = "returns"
    EXTENSIONS = "extensions"
    SUSPENSIONS = "suspensions"
    UNIT = "unit"
    UNIT_SUPERVISION = "unit_supervision"
    UNIT_INSPECTIONS = "unit_inspections"
    REVIEW = "review"
    ANSWERS = "answers"
    FOLLOW_UPS = "follow_ups"
    CALLBACKS = "callbacks"
    APPEALS = "appeals"
    REWORK = "rework"
    SUPERVISION = "supervision"
    INSTRUCTIONS = "instructions"
    COORDINATION = "coordination"
    BARS = "bars"


@dataclass(frozen=True)
class Waiting:
    """How much waits in a list, and until when the first of it is due, where it has a limit."""

    place: Place
    count: int
    due_at: datetime | None


@dataclass(frozen=True)
class _Share:
    """What of a list waits for these roles; several shares of one list are different rows of it."""

    place: Place
    roles: tuple[Role, ...]
    rows: Callable[[Actor], Select[Any]]
    due: InstrumentedAttribute[Any] | None = None


def waiting_for(session: Session, actor: Actor) -> list[Waiting]:
    """The lists of this person in which something waits, what is due first before the others."""
    found: dict[Place, Waiting] = {}
    for share in _SHARES:
        if actor.has(*share.roles):
            count, due_at = _counted(session, share, actor)
            before = found.get(share.place, Waiting(share.place, 0, None))
            dues = [one for one in (before.due_at, due_at) if one is not None]
            found[share.place] = Waiting(share.place, before.count + count, min(dues, default=None))
    waits = [one for one in found.values() if one.count]
    return sorted(waits, key=lambda one: (one.due_at is None, one.due_at.timestamp() if one.due_at else 0.0))


def _counted(session: Session, share: _Share, actor: Actor) -> tuple[int, datetime | None]:
    first = null() if share.due is None else func.min(share.due)
    query = share.rows(actor).with_only_columns(func.count(), first, maintain_column_froms=True)
    count, due_at = session.execute(query).one()
    return count, due_at


def _open(query: Select[Any]) -> Select[Any]:
    """Without sealed tickets, of a query that tickets are part of."""
    return query.where(Ticket.confidentiality != Confidentiality.SEALED)


def _in(*states: State) -> Callable[[Actor], Select[Any]]:
    return lambda actor: _open(select(Ticket).where(Ticket.state.in_(states)))


def _screening(actor: Actor) -> Select[Any]:
    return _open(unscreened(None if actor.has(Role.SCREENER) else own_of(actor)))


def _returns(disputed: bool) -> Callable[[Actor], Select[Any]]:
    rows = undecided_returns().join(ReturnRequest.ticket).where(ReturnRequest.is_disputed.is_(disputed))
    return lambda actor: _open(rows)


def _extensions(instructed: bool, again: bool | None = None) -> Callable[[Actor], Select[Any]]:
    """Of tickets with an open instruction or without; of departments that had an extension already or not."""
    had = aliased(ExtensionRequest)
    granted = select(had.id).where(
        had.ticket_id == ExtensionRequest.ticket_id,
        had.department_id == ExtensionRequest.department_id,
        had.state == ExtensionState.APPROVED,
    )
    rows = undecided_extensions(instructed)
    if not instructed:
        rows = rows.where(Ticket.kept_open_by.is_distinct_from(KeptOpenBy.INSTRUCTION))
    if again is not None:
        rows = rows.where(granted.exists() if again else ~granted.exists())
    return lambda actor: _open(rows)


def _appeals(actor: Actor) -> Select[Any]:
    return _open(undecided() if actor.has(*JUDGES) else unchecked())


def _of_unit(actor: Actor) -> Select[Any]:
    held = select(Ticket).where(Ticket.state.in_(WITH_A_UNIT), Ticket.holder_id == actor.department_id)
    return _open(held)


def _parts_of_unit(actor: Actor) -> Select[Any]:
    return _open(parts_to_finish(actor.department_id or 0))


def _to_look_at(actor: Actor) -> Select[Any]:
    """But for what `_of_unit` counts already."""
    return to_look_at(actor.department_id).where(Ticket.state.not_in(WITH_A_UNIT))


def _found_at_unit(actor: Actor) -> Select[Any]:
    to_correct = select(InspectionFinding.id).where(
        InspectionFinding.inspection_id == Inspection.id, InspectionFinding.corrected_at.is_(None)
    )
    told = (Inspection.told_at.is_not(None), Inspection.closed_at.is_(None))
    return select(Inspection).where(
        Inspection.department_id == actor.department_id, *told, to_correct.exists()
    )


def _proposed(level: Level) -> Callable[[Actor], Select[Any]]:
    return lambda actor: cases_in(CaseState.PROPOSED).where(SupervisionCase.level == level)


def _messages(actor: Actor) -> Select[Any]:
    query = select(Ticket).join(Call, Call.contact_id == Ticket.contact_id)
    return _open(query.where(Call.message_left_at.is_not(None), Ticket.state == State.DRAFT))


def _bars(actor: Actor) -> Select[Any]:
    return select(BarredCaller).where(
        BarredCaller.state == BarState.PROPOSED, BarredCaller.proposed_by_id != actor.user_id
    )


_BEFORE = ExtensionRequest.due_before
_UNIT = (Role.HANDLER, Role.UNIT_REVIEWER)
_CALLERS_BACK = (Role.AGENT, Role.CALLBACK_AGENT, Role.SUPERVISOR)
_SHARES: Sequence[_Share] = (
    _Share(Place.SCREENING, (Role.SCREENER, Role.MEDIA_SCREENER), _screening),
    _Share(Place.REFUSALS, (Role.SCREENER,), lambda actor: _open(refusals_in(RefusalState.PROPOSED))),
    _Share(Place.REFUSALS, (Role.SUPERVISOR,), lambda actor: _open(refusals_in(RefusalState.DISPUTED))),
    _Share(Place.REFUSALS, TELLERS, lambda actor: _open(refusals_to_tell())),
    _Share(
        Place.REFERRALS,
        BODY_ROLES,
        lambda actor: at_office(actor, ReferralState.WAITING),
        Referral.receipt_by,
    ),
    _Share(Place.REFERRALS, BODY_ROLES, lambda actor: at_office(actor, ReferralState.TAKEN)),
    _Share(Place.REFERRALS, (Role.SCREENER,), lambda actor: handed_over()),
    _Share(Place.WEB, (Role.AGENT, Role.SCREENER), lambda actor: _open(undecided_web_drafts())),
    _Share(Place.WEB, (Role.AGENT, Role.SCREENER), lambda actor: given_up()),
    _Share(Place.DISPATCH, (Role.DISPATCHER,), _in(State.TO_DISPATCH), Ticket.due_at),
    _Share(Place.RETURNS, (Role.DISPATCHER, Role.SUPERVISOR), _returns(False), ReturnRequest.due_at),
    _Share(Place.RETURNS, (Role.SUPERVISOR, Role.DIRECTOR), _returns(True), ReturnRequest.due_at),
    _Share(Place.EXTENSIONS, FIRST_JUDGES, _extensions(False, False), _BEFORE),
    _Share(Place.EXTENSIONS, SECOND_JUDGES, _extensions(False, True), _BEFORE),
    _Share(Place.EXTENSIONS, INSTRUCTING_JUDGES, _extensions(True), _BEFORE),
    _Share(Place.SUSPENSIONS, (Role.SUPERVISOR,), lambda actor: _open(undecided_suspensions())),
    _Share(Place.UNIT, _UNIT, _of_unit, Ticket.due_at),
    _Share(Place.UNIT, _UNIT, _parts_of_unit, Ticket.due_at),
    _Share(Place.UNIT, (Role.HANDLER,), _to_look_at, Recheck.due_at),
    _Share(
        Place.UNIT_SUPERVISION,
        _UNIT,
        lambda actor: unanswered_by(actor.department_id or 0),
        SupervisionCase.due_at,
    ),
    _Share(Place.UNIT_INSPECTIONS, _UNIT, _found_at_unit, Inspection.due_at),
    _Share(Place.REVIEW, (Role.REVIEWER,), _in(State.REPLIED), Ticket.due_at),
    _Share(Place.ANSWERS, (Role.REVIEWER,), lambda actor: _open(answers_in(AnswerReview.WAITS))),
    _Share(Place.ANSWERS, (Role.SUPERVISOR,), lambda actor: _open(answers_in(AnswerReview.WRONG))),
    _Share(
        Place.FOLLOW_UPS,
        (Role.CALLBACK_AGENT,),
        lambda actor: _open(not_done().join(FollowUp.ticket)),
    ),
    _Share(
        Place.CALLBACKS,
        _CALLERS_BACK,
        lambda actor: select(OwedCallback).where(OwedCallback.done_at.is_(None)),
    ),
    _Share(Place.CALLBACKS, _CALLERS_BACK, _messages),
    _Share(Place.APPEALS, (*JUDGES, *CHECKERS), _appeals),
    _Share(Place.REWORK, (Role.SUPERVISOR,), _in(State.REWORK), Ticket.due_at),
    _Share(Place.SUPERVISION, ISSUERS[Level.L2], _proposed(Level.L2)),
    _Share(Place.SUPERVISION, ISSUERS[Level.L3], _proposed(Level.L3)),
    _Share(
        Place.SUPERVISION,
        (Role.SUPERVISOR, Role.DIRECTOR),
        lambda actor: cases_in(CaseState.ANSWERED),
    ),
    _Share(Place.SUPERVISION, CLOSERS, lambda actor: unseen_by_office(), LateAlarm.due_at),
    _Share(Place.INSTRUCTIONS, REPORTERS, lambda actor: unreported_instructions(), Instruction.due_at),
    _Share(Place.COORDINATION, NAMERS, lambda actor: unprepared(TicketTrack.COORDINATED)),
    _Share(Place.COORDINATION, BRIEFERS, lambda actor: unprepared(TicketTrack.HIGH_LEVEL)),
    _Share(Place.COORDINATION, (Role.LEADER,), lambda actor: unread_briefs()),
    _Share(Place.BARS, (Role.SUPERVISOR,), _bars),
)
"""In the order of a ticket's life, as the bar has them."""
