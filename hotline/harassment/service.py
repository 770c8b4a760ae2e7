"""Proposing, approving, rejecting and revoking; and the question that is asked at every call."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call
from hotline.contacts.models import Contact
from hotline.contacts.rules import caller_number
from hotline.context import Context
from hotline.directory.models import DutyPhone
from hotline.harassment.models import BarReason, BarredCaller, BarState
from hotline.harassment.queries import barred_now
from hotline.numbering import EMERGENCY, typed
from hotline.people.actors import Role
from hotline.people.models import Department

LONGEST_DAYS = 90
LONGEST_DETAILS = 2000
LONGEST_NOTE = 500


class Refusal(StrEnum):
    """Why something is not done; the console has a sentence for each."""

    NOT_A_NUMBER = "not_a_number"
    PROTECTED = "protected"  # an emergency service, or a department's telephone
    NO_CALLS = "no_calls"  # no call of this number was named
    NO_DETAILS = "no_details"
    BAD_DAYS = "bad_days"
    LISTED = "listed"  # proposed or in force already
    SAME_PERSON = "same_person"
    DECIDED = "decided"  # somebody else was faster
    NO_NOTE = "no_note"


class HarassmentRefused(ValueError):
    """Nothing was changed. The text holds the reason alone, never the number."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def is_barred(context: Context, number: str) -> bool:
    """Whether a caller with this number is answered by the message box now. A withheld number never is."""
    with context.reading() as session:
        return barred_now(session, number, context.now())


def propose(
    context: Context, number: str, reason: BarReason, details: str, call_ids: Sequence[int], days: int
) -> int:
    """An agent asks that calls of this number be answered by the message box, and names the calls.

    Returns the proposal's id. Raises `HarassmentRefused`.
    """
    context.actor.must_have("propose a harassing caller", Role.AGENT, Role.SUPERVISOR)
    plain, told = caller_number(typed(number)).number, details.strip()[:LONGEST_DETAILS]
    with context.writing() as session:
        _check(session, context, plain, told, call_ids, days)
        row = BarredCaller(
            number=plain,
            reason=reason,
            details=told,
            call_ids=sorted(set(call_ids)),
            days=days,
            proposed_by_id=context.actor.user_id,
            proposed_at=context.now(),
        )
        session.add(row)
        session.flush()
        _record(session, context, row, "proposed")
        return row.id


def approve(context: Context, proposal_id: int) -> None:
    """Another person, a supervisor, agrees: it holds from now on for as long as was proposed."""
    _decide(context, proposal_id, BarState.APPROVED, "")


def reject(context: Context, proposal_id: int, note: str) -> None:
    """A supervisor says no, and why."""
    _decide(context, proposal_id, BarState.REJECTED, _note(note))


def revoke(context: Context, proposal_id: int, note: str) -> None:
    """A supervisor ends it before its time, and says why."""
    context.actor.must_have("revoke a barred caller", Role.SUPERVISOR)
    reason = _note(note)
    with context.writing() as session:
        row = session.get_one(BarredCaller, proposal_id, with_for_update=True)
        if not row.in_force(context.now()):
            raise HarassmentRefused(Refusal.DECIDED)
        row.state, row.note = BarState.REVOKED, reason
        row.revoked_by_id, row.revoked_at = context.actor.user_id, context.now()
        _record(session, context, row, "revoked")


def _decide(context: Context, proposal_id: int, state: BarState, note: str) -> None:
    context.actor.must_have("decide on a harassing caller", Role.SUPERVISOR)
    with context.writing() as session:
        row = session.get_one(BarredCaller, proposal_id, with_for_update=True)
        if row.state is not BarState.PROPOSED:
            raise HarassmentRefused(Refusal.DECIDED)
        if row.proposed_by_id == context.actor.user_id:
            raise HarassmentRefused(Refusal.SAME_PERSON)
        row.state, row.note = state, note
        row.decided_by_id, row.decided_at = context.actor.user_id, context.now()
        if state is BarState.APPROVED:
            row.ends_at = context.now() + timedelta(days=row.days)
        _record(session, context, row, state.value)


def _check(
    session: Session, context: Context, number: str, details: str, call_ids: Sequence[int], days: int
) -> None:
    if not number:
        raise HarassmentRefused(Refusal.NOT_A_NUMBER)
    if _is_protected(session, number):
        raise HarassmentRefused(Refusal.PROTECTED)
    if not details:
        raise HarassmentRefused(Refusal.NO_DETAILS)
    if not 1 <= days <= LONGEST_DAYS:
        raise HarassmentRefused(Refusal.BAD_DAYS)
    theirs = select(Call.id).join(Contact).where(Contact.number == number, Call.id.in_(call_ids))
    if not call_ids or set(session.scalars(theirs)) != set(call_ids):
        raise HarassmentRefused(Refusal.NO_CALLS)
    rows = session.scalars(select(BarredCaller).where(BarredCaller.number == number)).all()
    if any(row.state is BarState.PROPOSED or row.in_force(context.now()) for row in rows):
        raise HarassmentRefused(Refusal.LISTED)


def _is_protected(session: Session, number: str) -> bool:
    """Whoever calls on duty must always get through."""
    numbers = {*session.scalars(select(DutyPhone.phone)), *session.scalars(select(Department.phone))}
    return number in EMERGENCY or number in {caller_number(listed).number for listed in numbers if listed}


def _note(note: str) -> str:
    if not note.strip():
        raise HarassmentRefused(Refusal.NO_NOTE)
    return note.strip()[:LONGEST_NOTE]


def _record(session: Session, context: Context, row: BarredCaller, what: str) -> None:
    by = context.actor.user_id
    events.record(session, context.now(), f"barred_caller.{what}", f"barred_caller:{row.id}", by=by)
