"""Coming in by the city's own sign-in, which has proven who somebody is."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.monitoring.audit import note
from hotline.monitoring.models import Deed
from hotline.people.administration import LONGEST_NAME, checked_username
from hotline.people.faults import PeopleRefused
from hotline.people.models import Department, User
from hotline.people.service import CodeNeeded, let_in, must_not_be_locked

NO_PASSWORD = "-"  # noqa: S105 - no hash: nothing matches it


class UnknownPerson(Exception):
    """No active user has this name, and none is made."""


def come_in(context: Context, name: str, display_name: str) -> int:
    """The id of the user whom the provider calls `name`. Where the settings say so, an unknown one is made,
    without any role. A first password is not needed any more and ends.

    Raises `UnknownPerson`, `CodeNeeded`, `AccountLocked`.
    """
    with context.writing() as session:
        query = select(User).where(func.lower(User.username) == name.strip().lower()).with_for_update()
        known = session.scalars(query).all()
        if len(known) > 1:  # names of old that differ by capitals: whose they are cannot be told
            raise UnknownPerson
        user = known[0] if known else _made(session, context, name, display_name)
        if not user.is_active:
            raise UnknownPerson
        must_not_be_locked(context, user)
        if user.must_change_password:
            user.password_hash, user.must_change_password = NO_PASSWORD, False
        if not user.has_second_factor:
            let_in(context, user)
            return user.id
    raise CodeNeeded(user.id)


def _made(session: Session, context: Context, name: str, display_name: str) -> User:
    """A user of the hotline without any role, whom an administrator gives their place."""
    hotline = session.scalar(select(Department).where(Department.is_hotline).limit(1))
    if not context.settings.oidc_creates_users or hotline is None:
        raise UnknownPerson
    try:
        username = checked_username(session, name)
    except PeopleRefused:
        raise UnknownPerson from None
    shown = (display_name.strip() or username)[:LONGEST_NAME]
    user = User(
        username=username, password_hash=NO_PASSWORD, display_name=shown, roles=[], department=hotline
    )
    session.add(user)
    session.flush()
    note(session, context, Deed.CREATE_USER, whom=user, reason=username, details="single sign-on")
    return user
