"""Whether a call leaves a callback owed, and whether it pays one."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallbackReason, CallbackState, CallEnd, OwedCallback
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.harassment.queries import barred_now

CALLED_BACK = "called_back"
"""Why a callback is done: we reached the citizen."""
CALLED_AGAIN = "called_again"
"""Why a callback is done: the citizen was faster, and has talked with us."""

_OWED_FOR = {
    CallEnd.ABANDONED: CallbackReason.ABANDONED,
    CallEnd.UNANSWERED: CallbackReason.UNANSWERED,
    CallEnd.CUT_OFF: CallbackReason.CUT_OFF,
    CallEnd.CALLBACK: CallbackReason.REQUESTED,
}


def settle_callback(session: Session, context: Context, call: Call) -> None:
    """An ended call that reached nobody is owed a callback, at the place in the line that it had. One that
    was talked pays what was owed to its number. A callback that was cut off has paid nothing."""
    number = call.contact.number
    if not number or call.end is None:
        return
    if call.outgoing:
        if call.end is CallEnd.CUT_OFF:
            _owe_again(session, context, call)
        return
    if call.end is CallEnd.TALKED:
        _paid(session, context, number)
    elif not barred_now(session, number, context.now()):  # who is barred has the message box
        _owe(session, context, call)


def asked_for_callback(session: Session, call: Call) -> bool:
    """Whether the caller has asked to be called back during this call."""
    asked = select(OwedCallback.id).where(
        OwedCallback.number == call.contact.number,
        OwedCallback.reason == CallbackReason.REQUESTED,
        OwedCallback.owed_at >= call.started_at,
        OwedCallback.done_at.is_(None),
    )
    return session.scalar(asked) is not None


def _paid(session: Session, context: Context, number: str) -> None:
    still_owed = (
        OwedCallback.number == number,
        OwedCallback.done_at.is_(None),
        OwedCallback.state != CallbackState.CALLING,
    )
    session.execute(
        update(OwedCallback)
        .where(*still_owed)
        .values(state=CallbackState.DONE, due_at=None, done_at=context.now(), done_reason=CALLED_AGAIN)
    )


def _owe_again(session: Session, context: Context, call: Call) -> None:
    """What this call of ours had paid; unless the number is owed another by now."""
    assert call.ended_at is not None  # noqa: S101  an ended call has it
    of_number = (OwedCallback.number == call.contact.number,)
    if session.scalar(select(OwedCallback.id).where(*of_number, OwedCallback.done_at.is_(None))) is not None:
        return
    paid = (OwedCallback.done_reason == CALLED_BACK, OwedCallback.done_at >= call.started_at)
    last = select(OwedCallback).where(*of_number, *paid).order_by(OwedCallback.id.desc()).limit(1)
    if owed := session.scalars(last).first():
        owed.state, owed.reason, owed.owed_at = CallbackState.WAITING, CallbackReason.CUT_OFF, call.ended_at
        owed.due_at = call.ended_at + timedelta(seconds=context.settings.callback_delay_seconds)
        owed.done_at, owed.done_by_id, owed.done_reason = None, None, ""


def _owe(session: Session, context: Context, call: Call) -> None:
    """One a number is open at a time: the earlier one, with the better place, stays."""
    assert call.ended_at is not None  # noqa: S101  an ended call has both
    assert call.end is not None  # noqa: S101
    insert_unless_there(
        session,
        OwedCallback,
        call_id=call.id,
        number=call.contact.number,
        owed_at=call.ended_at,
        joined_at=call.place_at,
        due_at=call.ended_at + timedelta(seconds=context.settings.callback_delay_seconds),
        state=CallbackState.WAITING,
        reason=_OWED_FOR[call.end],
        skill=call.skill,
    )
