"""The second factor of a user: set up, asked for after the password, replaced, reset by an administrator.

Wrong codes count towards the same lock as wrong passwords, and a right password forgives nothing while the
code is still due: else whoever has the password could guess codes for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.monitoring.audit import note
from hotline.monitoring.models import Deed
from hotline.people import codes
from hotline.people.actors import Role
from hotline.people.administration import must_be_another
from hotline.people.models import RecoveryCode, User
from hotline.people.secrecy import CannotUnseal, seal, unseal
from hotline.people.service import LoginRefused, count_failure, let_in, must_not_be_locked


class WrongCode(Exception):
    """This is no code of the second factor, or one that was used already."""


class NothingToConfirm(Exception):
    """No set-up waits for its code."""


@dataclass(frozen=True)
class Pending:
    """What an authenticator has to be told."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def begin(context: Context) -> None:
    """Make a secret for whoever acts, who has to confirm it. Somebody with a second factor keeps it."""
    with context.writing() as session:
        user = _acting(session, context)
        if not user.has_second_factor:
            user.factor_secret, user.factor_last_step = seal(context.settings, codes.new_secret()), 0


def pending(context: Context) -> Pending | None:
    """What waits to be confirmed by whoever acts."""
    with context.reading() as session:
        user = session.get_one(User, context.actor.user_id)
        if user.has_second_factor or user.factor_secret is None:
            return None
        try:
            secret = unseal(context.settings, user.factor_secret)
        except CannotUnseal:
            return None
    return Pending(secret, codes.address(secret, user.username, f"Minsheng {context.settings.city}"))


def confirm(context: Context, code: str) -> list[str]:
    """The authenticator shows this code: from now on one is asked for. Returns the recovery codes, which are
    told once. Raises `NothingToConfirm`, `WrongCode`."""
    with context.writing() as session:
        user = _acting(session, context)
        if user.has_second_factor or user.factor_secret is None:
            raise NothingToConfirm
        if not _is_of_authenticator(context, user, codes.plain(code)):
            raise WrongCode
        user.factor_confirmed_at = context.now()
        return _new_recovery_codes(session, user)


def prove(context: Context, user_id: int, code: str) -> None:
    """Complete a sign-in by a code of the authenticator or for recovery. The password came before.

    Raises `LoginRefused`, `AccountLocked`.
    """
    with context.writing() as session:
        user = session.scalar(select(User).where(User.id == user_id, User.is_active).with_for_update())
        if user is None or not user.has_second_factor:
            raise LoginRefused
        must_not_be_locked(context, user)
        if _fits(session, context, user, code):
            let_in(context, user)
            return
        count_failure(context, user)
    raise LoginRefused


def renew_recovery_codes(context: Context, code: str) -> list[str]:
    """Ten new ones in place of all earlier. Raises `WrongCode`, `AccountLocked`."""
    made: list[str] = []
    _with_code(context, code, lambda session, user: made.extend(_new_recovery_codes(session, user)))
    return made


def remove(context: Context, code: str) -> None:
    """Without a second factor from now on. Raises `WrongCode`, `AccountLocked`."""
    _with_code(context, code, _forget)


def reset(context: Context, user_id: int, reason: str) -> None:
    """An administrator takes the second factor of somebody who lost it away. Stands in the audit log.

    Raises `PeopleRefused` for their own.
    """
    context.actor.must_have("reset a second factor", Role.ADMINISTRATOR, Role.SYSTEM)
    must_be_another(context, user_id)
    with context.writing() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        _forget(session, user)
        note(session, context, Deed.RESET_FACTOR, whom=user, reason=reason)


def recovery_codes_left(session: Session, user_id: int) -> int:
    """How many were not used yet."""
    unused = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def _acting(session: Session, context: Context) -> User:
    return session.get_one(User, context.actor.user_id, with_for_update=True)


def _with_code(context: Context, code: str, act: Callable[[Session, User], None]) -> None:
    """Do it for whoever acts, if the code is theirs; a wrong one counts as at sign-in."""
    with context.writing() as session:
        user = _acting(session, context)
        must_not_be_locked(context, user)
        if user.has_second_factor and _fits(session, context, user, code):
            user.failed_logins = 0
            act(session, user)
            return
        count_failure(context, user)
    raise WrongCode


def _fits(session: Session, context: Context, user: User, code: str) -> bool:
    given = codes.plain(code)
    if len(given) <= 8:
        return _is_of_authenticator(context, user, given)
    spent = update(RecoveryCode).where(
        RecoveryCode.user_id == user.id,
        RecoveryCode.digest == codes.digest(given),
        RecoveryCode.used_at.is_(None),
    )
    done = session.execute(spent.values(used_at=context.now()).returning(RecoveryCode.id))
    return done.first() is not None


def _is_of_authenticator(context: Context, user: User, code: str) -> bool:
    """A secret that was sealed with another key knows no code: recovery codes and administrators help."""
    try:
        secret = unseal(context.settings, user.factor_secret or "")
    except CannotUnseal:
        return False
    step = codes.step_of(secret, code, context.now())
    if step is None or step <= user.factor_last_step:
        return False
    user.factor_last_step = step
    return True


def _new_recovery_codes(session: Session, user: User) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    made = [codes.new_recovery_code() for _ in range(codes.RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user.id, digest=codes.digest(code)) for code in made)
    return made


def _forget(session: Session, user: User) -> None:
    user.factor_secret = user.factor_confirmed_at = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
