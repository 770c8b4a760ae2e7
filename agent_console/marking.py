"""Who looks, and when: a faint mark over pages and in files that tell of citizens, so that a photograph or a
print of one names its source.

Pages are marked unless they, or all of their blueprint, are known to tell of no citizen: a forgotten page is
marked.
"""

from flask import request
from flask_login import current_user

from agent_console.house import house
from agent_console.times import local

WITHOUT_CITIZENS = frozenset(
    {"call_plan", "deadlines", "directory", "gazetteer", "help", "people", "prompts", "queueing", "setup"}
)
PAGES_WITHOUT_CITIZENS = frozenset({"board.wall"})
"""Of other blueprints: the wall is for everybody in the room, and would show who signed in there all day."""
GREY, OPACITY = 128, 0.12
"""Of 255, and of 1. A test holds the colours of the console against it: text keeps 4.5 : 1 below the mark."""


def is_marked() -> bool:
    """Whether the page of this request gets the mark."""
    if request.blueprint in WITHOUT_CITIZENS or request.endpoint in PAGES_WITHOUT_CITIZENS:
        return False
    return bool(current_user.is_authenticated)


def mark_lines() -> tuple[str, str, str]:
    """Name, department, and the city's time, to the minute."""
    moment = local(house().context.now())
    return current_user.name, current_user.department, f"{moment:%Y-%m-%d %H:%M}"


def mark_words() -> str:
    """The same in one line, for files."""
    return " ".join(mark_lines())
