"""How long agents write after a call: for one seat, for one line; else as the settings say."""

from sqlalchemy import select

from hotline import events
from hotline.calls.models import Seat
from hotline.context import Context
from hotline.people.actors import Role
from hotline.queueing.models import Skill

LONGEST_SECONDS = 600


class WrapUpRefused(ValueError):
    """There is no such seat or line, or nobody writes for so long."""


def set_wrap_up(context: Context, seconds: int | None, extension: str = "", line: str = "") -> None:
    """A supervisor says how long; None takes it back. Holds from the next call on.

    Of a seat (`extension`), or of a `line` (a skill's code). Raises `WrapUpRefused`.
    """
    context.actor.must_have("change wrap-up times", Role.SUPERVISOR)
    if seconds is not None and not 0 <= seconds <= LONGEST_SECONDS:
        raise WrapUpRefused("a wrap-up lasts from 0 to 600 seconds")
    with context.writing() as session:
        seats, lines = (
            select(Seat).where(Seat.extension == extension),
            select(Skill).where(Skill.code == line),
        )
        whose = session.scalar(seats) if extension else session.scalar(lines)
        if whose is None:
            raise WrapUpRefused("no such seat or line")
        whose.wrap_up_seconds = seconds
        subject = f"seat:{extension}" if extension else f"skill:{line}"
        events.record(session, context.now(), "wrap_up.changed", subject, seconds=seconds)
