"""What a user has to do before anything else is open to them."""

from enum import StrEnum

from hotline.config import Settings
from hotline.people.models import User


class Duty(StrEnum):
    """Something that a user owes, or waits for."""

    PASSWORD = "change_password"  # noqa: S105 - somebody else chose theirs
    SECOND_FACTOR = "second_factor"  # one of their roles must have it, and they have none
    ROLE = "role"  # an administrator has to give them one


def duty_of(user: User, settings: Settings) -> Duty | None:
    """The next thing that this user owes, if any."""
    if user.must_change_password:
        return Duty.PASSWORD
    if must_have_factor(user, settings) and not user.has_second_factor:
        return Duty.SECOND_FACTOR
    return None if user.roles else Duty.ROLE


def must_have_factor(user: User, settings: Settings) -> bool:
    """Whether one of the user's roles must have a second factor."""
    return not user.role_set.isdisjoint(settings.second_factor_roles)
