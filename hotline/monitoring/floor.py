"""What a supervisor does to seats and to callers: pause, log out, move, end. Each act is in the audit log."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls import seats
from hotline.calls.models import Call, CallEnd, CallState, Seat, SeatState
from hotline.calls.ports import (
    HEAD_START_SECONDS,
    CallControl,
    PhoneKind,
    Place,
    PlaceKind,
    SeatControl,
    SupervisorControl,
    TalkControl,
    TelephoneAway,
)
from hotline.calls.service import call_ended
from hotline.context import Context
from hotline.monitoring import rules
from hotline.monitoring.audit import note, note_failure
from hotline.monitoring.models import Deed
from hotline.monitoring.queries import citizens_leg, is_live
from hotline.people.actors import Role
from hotline.people.models import User
from hotline.queueing.models import Skill
from hotline.telephones.service import log_out_browser

FORCED = "supervisor"
"""The reason that a seat shows while a supervisor's pause lasts; the words are in the audit log."""


def pause_seat(context: Context, control: SeatControl, extension: str, reason: str) -> None:
    """No calls are offered to this seat until its agent is ready again. A call that goes on is not touched,
    nor is its wrap-up: the pause begins afterwards.

    Raises `UnknownSeat`, `ReasonNeeded`, `TelephoneAway`.
    """
    _note_about_seat(context, Deed.PAUSE_SEAT, extension, rules.reasoned(reason))
    try:
        seats.withdraw(context, control, extension, FORCED)
    except TelephoneAway:
        note_failure(context, Deed.PAUSE_SEAT, details=extension)
        raise


def sign_off_seat(context: Context, control: CallControl, extension: str, reason: str) -> None:
    """The seat leaves the queues, and its browser phone has no account until its agent signs in anew. A call
    that goes on is not touched. Raises as `pause_seat`.

    The account ends first: an exchange that is away learns of it later (`telephones.wanted_accounts`).
    """
    _note_about_seat(context, Deed.SIGN_OFF_SEAT, extension, rules.reasoned(reason), log_out_browser)
    try:
        control.take_account(extension, PhoneKind.BROWSER)
        seats.withdraw(context, control, extension)
    except TelephoneAway:
        note_failure(context, Deed.SIGN_OFF_SEAT, details=extension)
        raise


def move_caller(
    context: Context, control: SupervisorControl, call_id: int, place: Place, reason: str
) -> None:
    """A waiting caller goes to the head, to another line, or to a certain agent.

    Raises `NotWaiting`, `SeatNotFree`, `NoSuchLine`, `ReasonNeeded`, `TelephoneAway`.
    """
    context.actor.must_have("move callers", Role.SUPERVISOR)
    words = rules.reasoned(reason)
    with context.writing() as session:
        call = session.get(Call, call_id, with_for_update=True)
        if call is None or call.state is not CallState.WAITING:
            raise rules.NotWaiting
        whom = _free_agent(session, place.name) if place.kind is PlaceKind.SEAT else None
        if place.kind is PlaceKind.SKILL:
            place = _line(session, place.name)
            call.skill = place.name
        note(session, context, Deed.MOVE_CALLER, call, whom, words, f"{place.kind}:{place.name}".rstrip(":"))
        linkedid = call.linkedid
    try:
        control.move_caller(linkedid, place)
    except TelephoneAway:
        note_failure(context, Deed.MOVE_CALLER, call_id)
        raise
    if place.kind is PlaceKind.HEAD:
        _note_head(context, call_id)


def _note_head(context: Context, call_id: int) -> None:
    """The board and the announcements count the caller's place from now on as the exchange does."""
    with context.writing() as session:
        call = session.get_one(Call, call_id)
        call.head_start_seconds = HEAD_START_SECONDS
        events.record(session, context.now(), "call.moved", f"call:{call_id}")


def end_call(context: Context, control: TalkControl, call_id: int, reason: str) -> None:
    """Hang up on the citizen, for a reason. One who still waited is owed a callback.

    Raises `CallIsOver`, `ReasonNeeded`, `TelephoneAway`.
    """
    context.actor.must_have("end calls", Role.SUPERVISOR)
    words = rules.reasoned(reason)
    with context.writing() as session:
        call = session.get(Call, call_id, with_for_update=True)
        if call is None or not is_live(call):
            raise rules.CallIsOver
        note(session, context, Deed.END_CALL, call, call.agent, words)
        leg, linkedid = citizens_leg(session, call), call.linkedid
        talked = call.answered_at is not None
    try:
        control.hang_up(leg)
    except TelephoneAway:
        note_failure(context, Deed.END_CALL, call_id)
        raise
    call_ended(context, linkedid, CallEnd.TALKED if talked else CallEnd.CUT_OFF)


def _note_about_seat(
    context: Context,
    deed: Deed,
    extension: str,
    reason: str,
    also: Callable[[Session, Context, str], None] = lambda *_: None,
) -> None:
    context.actor.must_have("direct seats", Role.SUPERVISOR)
    with context.writing() as session:
        seat = seats.seat_of(session, extension)
        note(session, context, deed, seat.call, seat.user, reason, extension)
        also(session, context, extension)


def _line(session: Session, code: str) -> Place:
    skill = session.scalar(select(Skill).where(Skill.code == code)) if code else None
    if code and skill is None:
        raise rules.NoSuchLine
    return Place(PlaceKind.SKILL, code, skill.overflow_seconds if skill else None)


def _free_agent(session: Session, extension: str) -> User:
    seat = session.scalar(select(Seat).where(Seat.extension == extension))
    if seat is None or seat.state is not SeatState.READY or not seat.registered:
        raise rules.SeatNotFree
    return seat.user
