"""Who is signed in where: a token for each place, and all the ways in which it ends.

A sign-in ends when it was not used for a while or has become old, but never takes a telephone away from a
citizen: while its user's seat is on duty it does not become idle, and in a call it does not become too old.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, Update, delete, or_, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from hotline import events
from hotline.built_once import built_once
from hotline.calls.models import Seat, SeatState
from hotline.context import Context
from hotline.people.models import SignIn, SignInEnd, SignInKind, User

NOTED_EVERY = timedelta(minutes=1)
"""A use is written down at most so often."""
KEPT = timedelta(days=180)
ENDED = "sign_in.ended"
"""Event: some sign-in of the user is over."""
LONGEST_PROGRAM = 200
_ON_DUTY = frozenset(SeatState) - {SeatState.OFFLINE}
_IN_A_CALL = frozenset({SeatState.RINGING, SeatState.TALKING, SeatState.BROKEN, SeatState.WRAP_UP})


def begin(context: Context, user_id: int, kind: SignInKind, address: str, program: str) -> str:
    """Somebody has proven who they are. Returns the token that shows it from now on."""
    token = secrets.token_urlsafe(32)
    now = context.now()
    with context.writing() as session:
        session.add(
            SignIn(
                user_id=user_id,
                kind=kind,
                digest=_digest(token),
                began_at=now,
                used_at=now,
                address=address[:45],
                program=program[:LONGEST_PROGRAM],
            )
        )
    return token


def found(context: Context, token: str, kind: SignInKind, used: bool = True) -> SignIn | None:
    """The sign-in of this token with its user and their department, unless it is over or has to end now.

    `used` says that somebody does something, and not a page by itself.
    """
    with context.reading() as session:
        one: SignIn | None = session.scalar(*_going_on(_digest(token), kind))
        end = _end_by_time(session, context, one) if one else None
    if one is None:
        return None
    if end is not None:
        _end(context, end, SignIn.id == one.id)
        return None
    if used and context.now() - one.used_at >= NOTED_EVERY:
        with context.writing() as session:
            session.execute(update(SignIn).where(SignIn.id == one.id).values(used_at=context.now()))
    return one


@built_once
def _going_on(digest: str, kind: SignInKind) -> Select[SignIn]:
    whose = contains_eager(SignIn.user).joinedload(User.department)
    query = select(SignIn).join(SignIn.user).options(whose)
    return query.where(
        SignIn.digest == digest, SignIn.kind == kind, SignIn.ended_at.is_(None), User.is_active
    )


def sign_out(context: Context, sign_in_id: int) -> None:
    """Whoever acts leaves this place."""
    _end(context, SignInEnd.SIGNED_OUT, SignIn.id == sign_in_id, SignIn.user_id == context.actor.user_id)


def end_elsewhere(context: Context, here: int, sign_in_id: int | None = None) -> int:
    """Whoever acts ends another place of theirs, or all but `here`. Returns how many ended."""
    one = () if sign_in_id is None else (SignIn.id == sign_in_id,)
    own = SignIn.user_id == context.actor.user_id, SignIn.id != here
    return _end(context, SignInEnd.ELSEWHERE, *own, *one)


def end_all(session: Session, context: Context, user_id: int, end: SignInEnd, but: int | None = None) -> int:
    """Every sign-in of a user ends, in the caller's transaction, but one that is named."""
    here = SignIn.id != (but or 0)
    every = update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), here)
    return _ended(session, context, every, end)


def forget_old(context: Context) -> int:
    """What is kept of sign-ins long past goes: addresses and programs are personal. Returns how many."""
    long_ago = context.now() - KEPT
    old = delete(SignIn).where(or_(SignIn.ended_at < long_ago, SignIn.used_at < long_ago))
    with context.writing() as session:
        return len(session.execute(old.returning(SignIn.id)).all())


def sign_ins_of(session: Session, user_id: int) -> Sequence[SignIn]:
    """Where somebody is signed in now, the place used last first."""
    query = select(SignIn).options(joinedload(SignIn.user))
    query = query.where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    return session.scalars(query.order_by(SignIn.used_at.desc(), SignIn.id.desc())).all()


def _end(context: Context, end: SignInEnd, *conditions: ColumnElement[bool]) -> int:
    which = update(SignIn).where(SignIn.ended_at.is_(None), *conditions)
    with context.writing() as session:
        return _ended(session, context, which, end)


def _ended(session: Session, context: Context, which: Update, end: SignInEnd) -> int:
    """Ends them, and tells the pages that stand open there."""
    now = context.now()
    users = session.scalars(which.values(ended_at=now, end=end).returning(SignIn.user_id)).all()
    for user_id in set(users):
        events.record(session, now, ENDED, f"user:{user_id}")
    return len(users)


def _end_by_time(session: Session, context: Context, one: SignIn) -> SignInEnd | None:
    settings, now = context.settings, context.now()
    hours, minutes = timedelta(hours=settings.session_hours), timedelta(minutes=settings.session_idle_minutes)
    if hours and now - one.began_at >= hours and not _seat_is(session, one, _IN_A_CALL):
        return SignInEnd.TOO_OLD
    if minutes and now - one.used_at >= minutes and not _seat_is(session, one, _ON_DUTY):
        return SignInEnd.IDLE
    return None


def _seat_is(session: Session, one: SignIn, states: frozenset[SeatState]) -> bool:
    state = session.scalar(select(Seat.state).where(Seat.user_id == one.user_id))
    return state in states


def _digest(token: str) -> str:
    """A token has 256 bits: a bare digest of it cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()
