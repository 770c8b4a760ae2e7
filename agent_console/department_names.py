"""Departments by their names: for what keeps a Chinese name of its day, and for what keeps codes."""

from collections.abc import Mapping

from flask import g
from sqlalchemy import select

from agent_console.house import acting_context
from agent_console.language import is_english
from hotline.people.models import Department
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


def duty_label(label: str) -> str:
    """A duty telephone, kept as its department's Chinese name and its own, with the name for the reader."""
    department, space, telephone = label.partition(" ")
    return f"{department_names().get(department, department)}{space}{telephone}"


def unit_name(code: str) -> str:
    """In the reader's language; the code itself where there is no such department."""
    if "unit_names" not in g:
        name = Department.name_en if is_english() else Department.name_zh
        with acting_context().reading() as session:
            rows = session.execute(select(Department.code, name))
            g.unit_names = {code: words for code, words in rows}  # noqa: C416 (rows)
    names: Mapping[str, str] = g.unit_names
    return names.get(code, code)
