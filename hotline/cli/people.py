"""An administrator from the command line: the first one, or one who lost password or telephone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.cli.failure import CommandFailed
from hotline.cli.opened import opened
from hotline.config import Settings
from hotline.context import Context
from hotline.people import second_factor
from hotline.people.actors import Role
from hotline.people.administration import FirstPassword, PersonForm, create_user, reset_password
from hotline.people.faults import PeopleRefused
from hotline.people.models import Department
from hotline.people.queries import user_by_name
from hotline.people.service import ensure_department

_REASON = "hotline administrator"
_ROLES = frozenset({Role.ADMINISTRATOR})


def administrator(settings: Settings, username: str) -> FirstPassword:
    """A new administrator, or a new first password for one there is, without second factor.

    Raises `CommandFailed`.
    """
    with opened(settings) as context:
        with context.reading() as session:
            user = user_by_name(session, username)
            code = _hotline(session)
        if user is None:
            return _created(context, username, code)
        if Role.ADMINISTRATOR not in user.role_set:
            raise CommandFailed(f"{username} is no administrator; their password is reset in the console")
        second_factor.reset(context, user.id, _REASON)
        return reset_password(context, user.id, _REASON)


def _hotline(session: Session) -> str | None:
    return session.scalar(select(Department.code).where(Department.is_hotline).limit(1))


def _created(context: Context, username: str, code: str | None) -> FirstPassword:
    if code is None:
        ensure_department(context, "hotline", "市民热线中心", "Citizens' Hotline Centre", is_hotline=True)
    try:
        return create_user(context, PersonForm(username, username, code or "hotline", _ROLES))
    except PeopleRefused as refused:
        raise CommandFailed(f"{username} cannot be an administrator's name: {refused.obstacle}") from None
