"""English names of departments, for what keeps a Chinese name as it was on the day."""

from collections.abc import Mapping

from flask import g

from agent_console.house import acting_context
from agent_console.language import is_english
from hotline.people.queries import all_names


def department_names() -> Mapping[str, str]:
    """English names by Chinese ones; none for readers of Chinese. Read once a request."""
    if not is_english():
        return {}
    if "department_names" not in g:
        with acting_context().reading() as session:
            g.department_names = all_names(session)
    names: Mapping[str, str] = g.department_names
    return names
