"""Skills by their names, for what keeps their codes."""

from collections.abc import Mapping
from operator import attrgetter

from flask import g

from agent_console.house import acting_context
from agent_console.language import is_english
from hotline.queueing.queries import skills


def skill_name(code: str) -> str:
    """In the reader's language; the code itself where there is no such skill any more."""
    if "skill_names" not in g:
        with acting_context().reading() as session:
            name = attrgetter("name_en" if is_english() else "name_zh")
            g.skill_names = {skill.code: name(skill) for skill in skills(session)}
    names: Mapping[str, str] = g.skill_names
    return names.get(code, code)
