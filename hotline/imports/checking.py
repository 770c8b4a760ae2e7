"""Whether the rows of a sheet may come in, each told of everything that is wrong with it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from hotline.contacts.channels import channels
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.dispatch.queries import categories
from hotline.imports.columns import columns, plain, value_of
from hotline.imports.rules import Fault, Row, RowFault, moment
from hotline.intake.rules import IntakeRefused, Obstacle
from hotline.intake.service import Came, checked, not_before
from hotline.numbering import typed
from hotline.people.actors import NotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.service import MOST_QUESTIONS, Draft, DraftRefused, write_into
from hotline.tickets.states import ComplainantKind, Confidentiality, TicketType, Urgency

_CHOSEN: Mapping[str, tuple[type, str]] = {
    "type": (TicketType, ""),
    "complainant_kind": (ComplainantKind, ComplainantKind.PERSON),
    "confidentiality": (Confidentiality, Confidentiality.NORMAL),
    "urgency": (Urgency, Urgency.NORMAL),
}
_WRITTEN = (
    "district",
    "street",
    "address",
    "description",
    "complainant_name",
    "respondent",
)
_MISSING = {
    "type": "type",
    "category": "category_code",
    "description": "description",
    "demand": "demands",
}


@dataclass(frozen=True)
class Looked:
    """A row that was looked at; without a fault it has what the intake takes."""

    row: Row
    faults: tuple[RowFault, ...]
    came: Came
    draft: Draft


def look(session: Session, context: Context, rows: Sequence[Row]) -> list[Looked]:
    """Every row, in its order. Writes nothing."""
    catalogue = _catalogue(session)
    found = [_Look(session, context, catalogue, row).looked for row in rows]
    return _with_doubles(found)


def _catalogue(session: Session) -> Mapping[str, list[str]]:
    """Codes of the classes that may be chosen, by code, by name, and by `above / name`, in both languages."""
    rows = categories(session)
    by_code = {row.code: row for row in rows}
    offered = [row for row in rows if row.retired_at is None]
    above = {row.parent_code for row in offered}
    said = defaultdict(list)
    for row in offered:
        if row.code in above:
            continue
        names = {row.code, row.name_zh, row.name_en}
        if row.parent_code:
            parent = by_code[row.parent_code]
            names |= {f"{parent.name_zh}/{row.name_zh}", f"{parent.name_en}/{row.name_en}"}
        for name in {_category_word(name) for name in names}:
            said[name].append(row.code)
    return said


def _category_word(text: str) -> str:
    return "/".join(plain(part) for part in plain(text).split("/"))


class _Look:
    """One row on its way from texts to what the intake takes."""

    def __init__(
        self, session: Session, context: Context, catalogue: Mapping[str, list[str]], row: Row
    ) -> None:
        self._session, self._context, self._catalogue, self._row = session, context, catalogue, row
        self._faults = [RowFault(name, Fault(mark)) for name, mark in row.marks.items()]

    @cached_property
    def looked(self) -> Looked:
        came, draft = self._came(), self._draft()
        self._check_draft(came, draft)
        order = list(columns())
        faults = sorted(
            dict.fromkeys(self._faults), key=lambda one: order.index(one.column) if one.column else -1
        )
        return Looked(self._row, tuple(faults), came, draft)

    def _say(self, column: str, fault: Fault | Obstacle, known: str = "") -> None:
        """The first fault of a cell is enough."""
        if not column or column not in {one.column for one in self._faults}:
            self._faults.append(RowFault(column, fault, known))

    def _came(self) -> Came:
        row, zone = self._row, self._context.settings.zone
        said = row.text("channel")
        known = [
            code for code, one in channels().items() if plain(said) in map(plain, (code, one.zh, one.en))
        ]
        if not said:
            self._say("channel", Fault.MISSING)
        elif not known:
            self._say("channel", Obstacle.NO_SUCH_CHANNEL)
        received_at = moment(row.text("received_at"), zone)
        if received_at is None:
            self._say("received_at", Fault.NO_DATE if row.text("received_at") else Fault.MISSING)
        came = Came(
            known[0] if known else "",
            received_at or self._context.now(),
            row.text("source_number"),
            row.text("late_reason"),
        )
        return self._checked(came) if known and received_at else came

    def _checked(self, came: Came) -> Came:
        try:
            came = checked(self._context, came)
            not_before(self._session, came)
        except IntakeRefused as refusal:
            self._say(refusal.field, refusal.obstacle, refusal.known)
        except NotPermitted:
            self._say("channel", Fault.NOT_YOURS)
        return came

    def _draft(self) -> Draft:
        row = self._row
        happened = row.text("occurred_at")
        occurred_at = moment(happened, self._context.settings.zone)
        if happened and occurred_at is None:
            self._say("occurred_at", Fault.NO_DATE)
        elif occurred_at and occurred_at.year < 1900:
            self._say("occurred_at", Obstacle.TOO_EARLY)
            occurred_at = None
        chosen: dict[str, Any] = {name: self._chosen(name) for name in _CHOSEN}
        written: dict[str, Any] = {name: row.text(name) for name in _WRITTEN}
        return Draft(
            category_code=self._category(),
            occurred_at=occurred_at,
            demands=row.text("demands").splitlines(),
            complainant_phone=typed(row.text("complainant_phone")),
            **chosen,
            **written,
        )

    def _chosen(self, name: str) -> Any:
        kind, default = _CHOSEN[name]
        said = self._row.text(name)
        value = value_of(name, said) if said else default
        if value is None:
            self._say(name, Fault.UNKNOWN_WORD)
        elif value == Confidentiality.SEALED:
            self._say(name, Fault.SEALED)
        return kind(value) if value else None

    def _category(self) -> str | None:
        said = self._row.text("category_code")
        codes = self._catalogue.get(_category_word(said), []) if said else []
        if said and len(codes) != 1:
            self._say("category_code", Fault.SEVERAL_CATEGORIES if codes else Fault.UNKNOWN_CATEGORY)
        return codes[0] if len(codes) == 1 else None

    def _check_draft(self, came: Came, draft: Draft) -> None:
        """By the ticket's own rules, on one that is never kept."""
        ticket = Ticket(
            contact=Contact(channel=came.channel, number=""), district="", address="", description=""
        )
        for one in fields(draft):
            try:
                write_into(ticket, Draft(**{one.name: getattr(draft, one.name)}))
            except DraftRefused as refusal:
                many = one.name == "demands" and len(draft.demands or ()) > MOST_QUESTIONS
                self._say(refusal.field, Fault.TOO_MANY if many else Fault.TOO_LONG)
        for name in ticket.missing_intake_fields():
            self._say(_MISSING.get(name, "address"), Fault.MISSING if name in _MISSING else Fault.NO_PLACE)


def _with_doubles(found: Sequence[Looked]) -> list[Looked]:
    """A number of one channel, or a row without one, that stands in the sheet before."""
    first: dict[object, int] = {}
    told = []
    for one in found:
        numbered = one.came.source_number
        key = (one.came.channel, numbered) if numbered else tuple(sorted(one.row.cells.items()))
        before = first.setdefault(key, one.row.line)
        if before != one.row.line:
            double = RowFault("source_number" if numbered else "", Fault.TWICE, str(before))
            one = Looked(one.row, (*one.faults, double), one.came, one.draft)
        told.append(one)
    return told
