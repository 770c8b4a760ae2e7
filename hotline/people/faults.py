"""Why something about people or departments is refused."""

from enum import StrEnum

from hotline.people.separation import Clash, Found


class Obstacle(StrEnum):
    """What is wrong, beside a clash of roles."""

    BAD_USERNAME = "bad_username"
    USERNAME_TAKEN = "username_taken"
    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    NO_DEPARTMENT = "no_department"
    UNKNOWN_ROLE = "unknown_role"
    TWICE = "twice"  # in one sheet
    ONESELF = "oneself"
    STALE = "stale"
    LOSES_LEAD = "loses_lead"
    BAD_CODE = "bad_code"
    CODE_TAKEN = "code_taken"
    HAS_PEOPLE = "has_people"
    IS_HOTLINE = "is_hotline"
    NO_REASON = "no_reason"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - no password, the name of a fault
    SAME_PASSWORD = "same_password"  # noqa: S105
    WEAK_PASSWORD = "weak_password"  # noqa: S105


class PeopleRefused(ValueError):
    """Refused. `field` is the form's, `about` a name that the sentence tells, `clash` what roles do."""

    def __init__(
        self, obstacle: Obstacle | Clash, field: str = "", about: str = "", clash: Found | None = None
    ) -> None:
        super().__init__(obstacle.value)
        self.obstacle, self.field, self.about, self.clash = obstacle, field, about, clash
