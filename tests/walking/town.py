"""Where tickets walk: a small town whose people hold every role, and what became of its tickets."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.database import Database
from hotline.dispatch.models import Category
from hotline.people.actors import SYSTEM, Actor, Role, citizen
from hotline.people.models import Department, User
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import FakeTelephone, FixedClock, make_context

UNITS = ("water", "police", "parks")
CATEGORIES = ("water.pressure", "water.quality")
PHONES = ("13800001234", "13900000001", "13900000002", None)

_STAFF = {
    "agent": (Role.AGENT,),
    "other_agent": (Role.AGENT,),
    "screener": (Role.SCREENER,),
    "second_screener": (Role.SCREENER,),
    "dispatcher": (Role.DISPATCHER,),
    "reviewer": (Role.REVIEWER,),
    "second_reviewer": (Role.REVIEWER,),
    "callback_agent": (Role.CALLBACK_AGENT,),
    "supervisor": (Role.SUPERVISOR,),
    "second_supervisor": (Role.SUPERVISOR,),
    "director": (Role.DIRECTOR,),
    "discipline": (Role.DISCIPLINE,),
    "leader": (Role.LEADER,),
    "auditor": (Role.AUDITOR,),
}
_OFFICES = {
    "petitions": Role.PETITION_OFFICE,
    "press": Role.MEDIA_SCREENER,
    "inspectors": Role.INSPECTION_OFFICE,
    "government": Role.GOVERNMENT_OFFICE,
}
_UNIT_STAFF = {"handler": (Role.HANDLER,), "head": (Role.UNIT_REVIEWER,)}


@dataclass(frozen=True)
class Step:
    """One step of a walk, as plain values: who tries which move on the how-manieth ticket. `salt` decides
    what else there is to choose, so that the same steps are the same walk on another database."""

    move: str
    actor: str
    ticket: int
    salt: int


@dataclass
class Town:
    """One database and what was done in it. `tickets` holds ids in the order of their making."""

    context: Context
    clock: FixedClock
    actors: Mapping[str, Actor]
    units: Mapping[str, int]
    tickets: list[int] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    telephone: FakeTelephone = field(default_factory=FakeTelephone)
    contacts: int = 0

    @classmethod
    def founded(cls, database: Database, clock: FixedClock, state_dir: Path) -> Self:
        """The hotline, three departments and everybody in them."""
        context = make_context(database, clock, state_dir, follow_up_hours="00:00-24:00")
        with context.writing() as session:
            session.add_all(Category(code=code, name_zh=code, name_en=code) for code in CATEGORIES)
            hotline = _department(session, "hotline", is_hotline=True)
            units = {code: _department(session, code) for code in UNITS}
            offices = {name: (_department(session, name), role) for name, role in _OFFICES.items()}
            people = {name: _person(session, name, roles, hotline) for name, roles in _STAFF.items()}
            people |= {name: _person(session, name, (role,), at) for name, (at, role) in offices.items()}
            for code, unit in units.items():
                people |= {
                    f"{code}_{name}": _person(session, f"{code}_{name}", roles, unit)
                    for name, roles in _UNIT_STAFF.items()
                }
            actors = {name: person.actor() for name, person in people.items()}
            ids = {code: unit.id for code, unit in units.items()}
        return cls(context, clock, {**actors, "citizen": citizen(), "system": SYSTEM}, ids)

    def state_of(self, ticket_id: int) -> State:
        """Where the ticket stands."""
        with self.context.reading() as session:
            return session.scalars(select(Ticket.state).where(Ticket.id == ticket_id)).one()

    def stamp(self) -> int | None:
        """Another number after every commit that has changed anything (SQLite only).

        https://www.sqlite.org/pragma.html#pragma_data_version
        """
        return self._watcher.execute("PRAGMA data_version").fetchone()[0] if self._watcher else None

    def __post_init__(self) -> None:
        url = self.context.database.engine.url
        is_sqlite = url.get_backend_name() == "sqlite"
        self._watcher = sqlite3.connect(str(url.database)) if is_sqlite else None

    def close(self) -> None:
        """Let go of the file."""
        if self._watcher:
            with closing(self._watcher):
                self._watcher = None


def _department(session: Session, code: str, is_hotline: bool = False) -> Department:
    made = Department(code=code, name_zh=code, name_en=code, is_hotline=is_hotline)
    session.add(made)
    session.flush()
    return made


def _person(session: Session, name: str, roles: tuple[Role, ...], department: Department) -> User:
    made = User(
        username=name, password_hash="", display_name=name, roles=sorted(roles), department=department
    )
    session.add(made)
    session.flush()
    return made
