"""Which ticket this browser has opened, for a short while: its number, signed, in the session's cookie."""

from datetime import datetime, timedelta

from flask import session

from agent_console.house import house

KEY = "matter"
OPEN_FOR = timedelta(minutes=20)  # a library's computer is somebody else's after that


def open_matter(number: str) -> None:
    """From now on, or longer."""
    session[KEY] = [number, (house().context.now() + OPEN_FOR).isoformat()]


def opened_number() -> str | None:
    """The number of the ticket that is open, or None."""
    number, until = session.get(KEY, (None, None))
    if number is None or datetime.fromisoformat(until) <= house().context.now():
        return None
    return str(number)


def close_matter() -> None:
    """Nothing is open any more."""
    session.pop(KEY, None)
