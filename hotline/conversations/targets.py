"""Whom an agent can call during a call: other agents, duty telephones, emergency services, numbers.

A target is written `queue`, `agent:1002`, `department:7` (whoever is on duty there), `phone:12` (one
telephone of the directory), `emergency:110` or `number:84110000`.
"""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Seat, SeatState
from hotline.calls.rules import OutgoingRefused, Purpose, Reason
from hotline.context import Context
from hotline.conversations.models import PartyKind
from hotline.conversations.rules import Refusal, TalkRefused
from hotline.directory.models import DutyPhone
from hotline.directory.queries import duty_phone, who_is_on_duty
from hotline.line_security.service import permit
from hotline.numbering import typed
from hotline.people.models import Department, User
from hotline.tickets.guards import EMERGENCY_NUMBERS

QUEUE = "queue"
_FREE = (SeatState.READY,)
_REFUSALS = {
    Reason.NOT_A_NUMBER: Refusal.NOT_A_NUMBER,
    Reason.NOT_AT_THIS_HOUR: Refusal.NOT_AT_THIS_HOUR,
    Reason.TOO_MANY: Refusal.TOO_MANY,
}
"""What whoever typed a number can do something about; every other one is not allowed."""


@dataclass(frozen=True)
class Target:
    """Somebody who can be rung: by `number` of the telephone network or by a seat's `extension`."""

    kind: PartyKind
    label: str
    number: str = field(default="", repr=False)
    extension: str | None = None
    user_id: int | None = None
    department_id: int | None = None


def find(session: Session, context: Context, text: str) -> Target:
    """The person or service that `text` names. Raises `TalkRefused`."""
    kind, _, name = text.strip().partition(":")
    match kind:
        case "agent":
            return _agent(session, context, name)
        case "department" if name.isascii() and name.isdecimal():
            return _department(session, context, int(name))
        case "phone" if name.isascii() and name.isdecimal():
            return _phone(session, context, int(name))
        case "emergency" if name in EMERGENCY_NUMBERS:
            return Target(
                PartyKind.EMERGENCY, name, number=_permitted(session, context, name, Purpose.EMERGENCY)
            )
        case "number":
            return _number(session, context, name)
    raise TalkRefused(Refusal.UNKNOWN_TARGET)


def _agent(session: Session, context: Context, extension: str) -> Target:
    seat = session.scalar(select(Seat).join(User).where(Seat.extension == extension, User.is_active))
    if seat is None:
        raise TalkRefused(Refusal.UNKNOWN_TARGET)
    if seat.user_id == context.actor.user_id:
        raise TalkRefused(Refusal.YOURSELF)
    if seat.state is SeatState.OFFLINE or not seat.registered:
        raise TalkRefused(Refusal.TARGET_AWAY)
    if seat.state not in _FREE:
        raise TalkRefused(Refusal.TARGET_BUSY)
    return Target(PartyKind.AGENT, seat.user.display_name, extension=extension, user_id=seat.user_id)


def _department(session: Session, context: Context, department_id: int) -> Target:
    department = session.get(Department, department_id)
    if department is None:
        raise TalkRefused(Refusal.UNKNOWN_TARGET)
    phone = duty_phone(session, department_id, context.now().astimezone(context.settings.zone))
    if phone is None:
        raise TalkRefused(Refusal.NOBODY_ON_DUTY)
    return _of_phone(session, context, phone)


def _phone(session: Session, context: Context, phone_id: int) -> Target:
    phone = session.get(DutyPhone, phone_id)
    if phone is None:
        raise TalkRefused(Refusal.UNKNOWN_TARGET)
    return _of_phone(session, context, phone)


def _of_phone(session: Session, context: Context, phone: DutyPhone) -> Target:
    label = f"{phone.department.name_zh} {phone.label}"
    number = _permitted(session, context, phone.phone, Purpose.DIRECTORY)
    return Target(PartyKind.DEPARTMENT, label, number=number, department_id=phone.department_id)


def _number(session: Session, context: Context, number: str) -> Target:
    """A number that stands in no directory."""
    digits = _permitted(session, context, typed(number), Purpose.OUTSIDE)
    return Target(PartyKind.OUTSIDE, digits, number=digits)


def _permitted(session: Session, context: Context, number: str, purpose: Purpose) -> str:
    """The digits to dial, by the rules against toll fraud, and counted. Raises `TalkRefused`."""
    try:
        return permit(session, context, number, purpose, listed=purpose is Purpose.DIRECTORY)
    except OutgoingRefused as refused:
        raise TalkRefused(_REFUSALS.get(refused.reason, Refusal.NOT_ALLOWED)) from None


@dataclass(frozen=True)
class Listed:
    """Somebody whom one can choose. `group` is agents, departments, emergency or queue."""

    target: str
    group: str
    label: str
    free: bool


def listed_targets(session: Session, context: Context) -> list[Listed]:
    """Everybody whom the actor can ring now."""
    listed = [
        Listed(f"emergency:{number}", "emergency", number, True) for number in sorted(EMERGENCY_NUMBERS)
    ]
    listed.append(Listed(QUEUE, QUEUE, "", True))
    seats = select(Seat).join(User).where(User.is_active, Seat.state != SeatState.OFFLINE)
    for seat in session.scalars(seats.order_by(Seat.extension)):
        if seat.user_id != context.actor.user_id:
            free = seat.registered and seat.state in _FREE
            listed.append(Listed(f"agent:{seat.extension}", "agents", seat.user.display_name, free))
    for entry in who_is_on_duty(session, context.now().astimezone(context.settings.zone)):
        for phone in entry.phones:
            label = f"{entry.department.name_zh} {phone.label}"
            listed.append(Listed(f"phone:{phone.id}", "departments", label, True))
    return listed
