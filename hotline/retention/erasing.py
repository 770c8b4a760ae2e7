"""Takes out of one ticket's rows, in all tables, what `hotline/retention/personal.py` names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, false, or_, select, update
from sqlalchemy.orm import Session

from hotline import all_models
from hotline.redaction.kinds import PLACEHOLDERS, Kind
from hotline.redaction.rules import masked
from hotline.retention.personal import KEPT_FACTS, PERSONAL, Fate, Share
from hotline.tickets import index
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

TABLES: Mapping[str, Table] = all_models.Base.metadata.tables

_SHORTEST_NAME, _SHORTEST_NUMBER, _SHORTEST_PLACE = 2, 5, 4
"""Shorter ones stand in other words too."""


@dataclass(frozen=True)
class Eraser:
    """What is known of this citizen, so that it is found in texts where no rule would see it.

    Of a `hidden` matter a few masked words may still tell who told it: there nothing is left of texts.
    """

    known: tuple[tuple[str, str], ...]
    hidden: bool = False

    @classmethod
    def of(cls, ticket: Ticket) -> "Eraser":
        """For this ticket's rows, as long as it still says who its citizen is."""
        numbers = {ticket.complainant_phone, ticket.contact.number}
        words = [(ticket.address, PLACEHOLDERS[Kind.DOOR], _SHORTEST_PLACE)]
        words += [(name, PLACEHOLDERS[Kind.NAME], _SHORTEST_NAME) for name in (ticket.complainant_name,)]
        words += [(name, PLACEHOLDERS[Kind.NAME], _SHORTEST_NAME) for name in (ticket.respondent,)]
        words += [(number, PLACEHOLDERS[Kind.PHONE], _SHORTEST_NUMBER) for number in sorted(numbers)]
        known = [(word, instead) for word, instead, shortest in words if len(word.strip()) >= shortest]
        return cls(tuple(known), ticket.confidentiality is not Confidentiality.NORMAL)

    def masked(self, text: str) -> str:
        """The text with nobody in it, as far as rules and what is known of the citizen go."""
        if self.hidden:
            return ""
        for word, instead in self.known:
            text = text.replace(word.strip(), instead)
        return masked(text)

    def after(self, column: Column[Any], fate: Fate, value: Any) -> Any:
        """What becomes of a column's value."""
        if value is None:
            return None
        if fate is Fate.MASK:  # a word for a thing may be longer than the thing
            return self.masked(value)[: getattr(column.type, "length", None)]
        if fate is Fate.FACTS:
            return {name: self._fact(fact) for name, fact in value.items() if _is_fact(name, fact)}
        if isinstance(value, dict | list):
            return type(value)()
        return None if column.nullable else ""

    def _fact(self, fact: Any) -> Any:
        return self.masked(fact) if isinstance(fact, str) else fact


def erase(session: Session, ticket: Ticket, at: datetime, with_contact: bool) -> tuple[int, int]:
    """Every table of the list, at that moment. Returns how many values were changed and rows deleted.

    `with_contact`: no other ticket needs the contact any more, so it goes too, with its calls.
    """
    roots = {"ticket": ticket.id} | ({"contact": ticket.contact_id} if with_contact else {})
    eraser = Eraser.of(ticket)
    values = rows = 0
    for name, share in PERSONAL.items():
        where = belongs(name, roots)
        if share.goes:
            rows += session.execute(delete(TABLES[name]).where(where)).rowcount  # type: ignore[attr-defined]
        else:
            values += _change(session, TABLES[name], share.fates, where, eraser)
    page = TABLES["ticket"]  # somebody who has it open writes nothing of it back
    session.execute(
        update(page).where(page.c.id == ticket.id).values(version=page.c.version + 1, anonymised_at=at)
    )
    session.expire_all()
    index.renew(session, ticket)
    return values, rows


def erase_aged(session: Session, name: str, fates: Mapping[str, Fate], where: ColumnElement[bool]) -> int:
    """The same for rows that name no ticket. Returns how many values were changed."""
    return _change(session, TABLES[name], fates, where, Eraser(()))


def belongs(name: str, roots: Mapping[str, int]) -> ColumnElement[bool]:
    """Whether a row of the table is of these roots: ids of `ticket` and, perhaps, `contact`."""
    share: Share = PERSONAL[name]
    ways = []
    for column, other in share.of:
        own = TABLES[name].c[column]
        if other in roots:
            ways.append(own == roots[other])
        elif other in PERSONAL and other != name:
            ways.append(own.in_(select(TABLES[other].c.id).where(belongs(other, roots))))
    return or_(false(), *ways)


def _change(
    session: Session, table: Table, fates: Mapping[str, Fate], where: ColumnElement[bool], eraser: Eraser
) -> int:
    changed = 0
    if not fates:
        return changed
    for row in session.execute(
        select(table.c.id, *(table.c[name] for name in fates)).where(where)
    ).mappings():
        after = {name: eraser.after(table.c[name], fate, row[name]) for name, fate in fates.items()}
        values = {name: value for name, value in after.items() if value != row[name]}
        if values:
            session.execute(update(table).where(table.c.id == row["id"]).values(**values))
            changed += len(values)
    return changed


def _is_fact(name: str, fact: Any) -> bool:
    return isinstance(fact, bool | int | float) or name in KEPT_FACTS
