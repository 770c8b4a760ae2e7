"""Users from a sheet: every row is looked at and told of what is wrong; all of them come in, or none."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.imports.columns import plain
from hotline.imports.rules import Row, Shape
from hotline.people.actors import Role
from hotline.people.administration import (
    FirstPassword,
    PersonForm,
    add_user,
    check_name,
    check_roles,
    checked_username,
    open_department,
)
from hotline.people.faults import Obstacle, PeopleRefused
from hotline.people.models import Department

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "username": ("用户名", "user name", "username"),
    "display_name": ("姓名", "name"),
    "department": ("单位", "department"),
    "roles": ("岗位", "roles"),
}
SHAPE = Shape({plain(word): name for name, words in _HEADINGS.items() for word in words}, tuple(_HEADINGS))
"""Columns of the sheet and how they may be headed; every one must be there."""
_BETWEEN = re.compile(r"[,，、;；\n]+")


class Mark(NamedTuple):
    """A cell that could not be read as text; `what` is a fault of `hotline.imports.rules`."""

    column: str
    what: str


@dataclass(frozen=True)
class Looked:
    """A row that was looked at: its line, what stands in it, what would be made of it, what is wrong."""

    row: Row
    form: PersonForm
    faults: tuple[PeopleRefused | Mark, ...]


class RowsRefused(ValueError):
    """At least one row is wrong: nothing came in."""

    def __init__(self, looked: Sequence[Looked]) -> None:
        super().__init__()
        self.looked = looked


def look(session: Session, rows: Sequence[Row], role_words: Mapping[str, Role]) -> list[Looked]:
    """Every row in its order. `role_words` are the roles by their names, as `plain` makes them."""
    units = _units(session)
    seen: set[str] = set()
    found = []
    for row in rows:
        one = _looked(session, row, units, role_words)
        if one.form.username and one.form.username in seen:
            again = PeopleRefused(Obstacle.TWICE, "username")
            one = Looked(one.row, one.form, (*one.faults, again))
        seen.add(one.form.username)
        found.append(one)
    return found


def bring_in(context: Context, rows: Sequence[Row], role_words: Mapping[str, Role]) -> list[FirstPassword]:
    """All of them, each with a first password. Raises `RowsRefused`, and then nobody came in."""
    context.actor.must_have("import people", Role.ADMINISTRATOR)
    with context.writing() as session:
        looked = look(session, rows, role_words)
        if not looked or any(one.faults for one in looked):
            raise RowsRefused(looked)
        return [add_user(session, context, one.form, "import") for one in looked]


def _units(session: Session) -> Mapping[str, str]:
    """The code of each open department by code and names; a name of two departments is none."""
    units = session.scalars(select(Department).where(Department.is_active)).all()
    said = [(plain(word), unit.code) for unit in units for word in {unit.code, unit.name_zh, unit.name_en}]
    often = Counter(word for word, _ in said)
    return {word: code for word, code in said if often[word] == 1}


def _looked(session: Session, row: Row, units: Mapping[str, str], role_words: Mapping[str, Role]) -> Looked:
    faults: list[PeopleRefused | Mark] = [Mark(*mark) for mark in row.marks.items()]
    code = units.get(plain(row.text("department")), "")
    words = [word.strip() for word in _BETWEEN.split(row.text("roles")) if word.strip()]
    roles = {role_words[plain(word)] for word in words if plain(word) in role_words}
    for word in words:
        if plain(word) not in role_words:
            faults.append(PeopleRefused(Obstacle.UNKNOWN_ROLE, "roles", word))
            break
    form = PersonForm(row.text("username").lower(), row.text("display_name"), code, frozenset(roles))
    faults += _refusals(session, form)
    return Looked(row, form, tuple(faults))


def _refusals(session: Session, form: PersonForm) -> Iterator[PeopleRefused]:
    """What the making of a user would refuse, all of it."""
    unit: Department | None = None
    try:
        unit = open_department(session, form.department_code)
    except PeopleRefused as refused:
        yield refused
    checks: tuple[Callable[[], object], ...] = (
        lambda: checked_username(session, form.username),
        lambda: check_name(form.display_name),
        lambda: check_roles(form.roles, unit) if unit else None,
    )
    for check in checks:
        try:
            check()
        except PeopleRefused as refused:
            yield refused
