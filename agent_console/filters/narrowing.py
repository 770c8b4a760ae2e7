"""A work list as its address narrows it, and the filters that whoever looks has saved for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console.filters.forms import FilterForm, Offer, conditions, names_of
from agent_console.house import house
from hotline.lists.models import SavedFilter
from hotline.lists.queries import (
    SHOWN,
    About,
    Candidates,
    counted,
    counted_rows,
    narrowed,
    narrowed_rows,
    saved_filters,
)
from hotline.lists.rules import Narrowing
from hotline.tickets import privacy
from hotline.tickets.models import Ticket


@dataclass(frozen=True)
class Chip:
    """A saved filter, and how many tickets of the list it finds now."""

    saved: SavedFilter
    count: int
    is_here: bool


@dataclass(frozen=True)
class Narrowed:
    """What is left of a list: at most `SHOWN` tickets of `count`, by the conditions `asked`. `names` are the
    fields of the list's form."""

    tickets: Sequence[Ticket]
    count: int
    asked: dict[str, Any]
    form: FilterForm
    names: Sequence[str]
    chips: Sequence[Chip]


@dataclass(frozen=True)
class NarrowedRows(Narrowed):
    """The same of a list whose rows are about the tickets."""

    rows: Sequence[Any]


def narrow(session: Session, *among: Candidates) -> Narrowed:
    """The tickets of the present page's list, one source after the other."""
    actor, now = current_user.actor, house().context.now()

    def count(wanted: Narrowing) -> int:
        return sum(counted(session, actor, one, wanted, now) for one in among)

    bar = _Bar(session)
    found = [
        ticket
        for one in among
        for ticket in narrowed(session, actor, one, bar.wanted, now)
        if not privacy.is_sealed_for(actor, ticket)
    ]
    return Narrowed(tickets=found, **bar.shown(len(found), count))


def narrow_rows(session: Session, among: About) -> NarrowedRows:
    """The rows of the present page's list."""
    actor, now = current_user.actor, house().context.now()

    def count(wanted: Narrowing) -> int:
        return counted_rows(session, actor, among, wanted, now)

    bar = _Bar(session)
    rows = narrowed_rows(session, actor, among, bar.wanted, now)
    tickets = list({row.ticket.id: row.ticket for row in rows}.values())
    return NarrowedRows(tickets=tickets, rows=rows, **bar.shown(len(rows), count))


class _Bar:
    """What stands above the present page's list."""

    def __init__(self, session: Session) -> None:
        self._session, self._offer = session, Offer(session)
        self._place = str(request.endpoint)
        self._names = names_of(self._place)
        asked = conditions(request.args)
        self._asked = {name: said for name, said in asked.items() if name in self._names}
        self._form = self._offer.form(self._asked)
        self.wanted = self._form.narrowing()

    def shown(self, found: int, count: Callable[[Narrowing], int]) -> dict[str, Any]:
        """With how many were found; beyond `SHOWN` they are counted. By words no more are looked for."""
        return {
            "count": count(self.wanted) if found >= SHOWN and not self.wanted.words else found,
            "asked": self._asked,
            "form": self._form,
            "names": self._names,
            "chips": [
                Chip(saved, count(self._offer.form(saved.asked).narrowing()), saved.asked == self._asked)
                for saved in saved_filters(self._session, current_user.user_id, self._place)
            ],
        }


def filter_of_page() -> str:
    """The filter of the present list, for forms that lead back to it."""
    return urlencode(conditions(request.args))


def filter_to_go_back_to() -> dict[str, Any]:
    """What a form that was opened beside a narrowed list says of that."""
    return conditions(dict(parse_qsl(request.form.get("back_filter", ""))))
