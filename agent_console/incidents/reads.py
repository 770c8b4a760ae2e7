"""What the pages of signals and incidents show, read in one session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console import times
from agent_console.house import acting_context
from agent_console.incidents.forms import OpenForm
from agent_console.masking import impersonal
from agent_console.tickets.reads import category_name, ticket_to_read
from agent_console.words import LazyString, _, _l
from hotline.call_plan import queries as call_plan
from hotline.call_plan.models import Surge
from hotline.incidents import queries
from hotline.incidents.models import GroupSignal, Incident, IncidentLine, IncidentState
from hotline.incidents.queries import Raised
from hotline.incidents.rules import EDITORS
from hotline.people.actors import Role
from hotline.tickets.privacy import HOTLINE_ROLES

_ALL_SIGNALS = (*EDITORS, Role.DIRECTOR)


FIELD_NAMES: Mapping[str, LazyString] = {
    "title": _l("名称"),
    "category_code": _l("诉求分类"),
    "district": _l("区（县）"),
    "address": _l("地点"),
    "demand": _l("来电人一般的诉求"),
    "expected_end_at": _l("预计结束"),
    "known": _l("目前了解的情况（给坐席）"),
    "told_zh": _l("告知市民的话"),
    "told_en": _l("告知市民的话（英语）"),
}


@dataclass(frozen=True)
class Line:
    """A line of the history; `changes` are the field's name, what stood there, and what stands there."""

    line: IncidentLine
    changes: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Listing:
    """The list; `names` are those of the categories by their code, `citizens` counts by the incident's id."""

    signals: Sequence[Raised]
    decided: Sequence[GroupSignal]
    open: Sequence[Incident]
    over: Sequence[Incident]
    citizens: Mapping[int, int]
    names: Mapping[str, str]
    may: bool
    opens_tickets: bool


@dataclass(frozen=True)
class Page:
    """One incident. `surge` is what callers hear because of it, `another` what they hear instead."""

    incident: Incident
    category: str
    citizens: int
    takes_tickets: bool
    surge: Surge | None
    another: Surge | None
    lines: Sequence[Line]
    may: bool
    may_tell: bool
    opens_tickets: bool

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.incident.state is IncidentState.OPEN

    @property
    def says_something_else(self) -> bool:
        """Whether callers still hear words that were changed since."""
        now = (self.incident.told_zh, self.incident.told_en)
        return self.surge is not None and (self.surge.banner_zh, self.surge.banner_en) != now


def listing(session: Session) -> Listing:
    """As whoever looks may see it."""
    context = acting_context()
    least = 0 if current_user.has(*_ALL_SIGNALS) else context.settings.group_signal_leaders
    signals = queries.waiting_signals(session, context, least)
    decided = queries.decided_signals(session) if current_user.has(*_ALL_SIGNALS) else ()
    going_on = queries.incidents(session, IncidentState.OPEN)
    over = queries.incidents(session, IncidentState.OVER, 20)
    all_signals = [*decided, *(one.signal for one in signals)]
    codes = {one.category_code for one in (*going_on, *over)} | {one.category_code for one in all_signals}
    return Listing(
        signals=signals,
        decided=decided,
        open=going_on,
        over=over,
        citizens=queries.citizens_of(session, [*going_on, *over]),
        names={code: category_name(session, code) for code in codes},
        may=current_user.has(*EDITORS),
        opens_tickets=current_user.has(*HOTLINE_ROLES),
    )


def page_of(session: Session, incident: Incident) -> Page:
    """One incident."""
    on = call_plan.surge(session)
    is_ours = on is not None and on.incident_id == incident.id
    return Page(
        incident=incident,
        category=category_name(session, incident.category_code),
        citizens=queries.citizens_of(session, [incident])[incident.id],
        takes_tickets=queries.takes_tickets(incident),
        surge=on if is_ours else None,
        another=None if is_ours else on,
        lines=[_line(session, line) for line in reversed(incident.lines)],
        may=current_user.has(*EDITORS) and incident.state is IncidentState.OPEN,
        may_tell=current_user.has(Role.SUPERVISOR) and incident.state is IncidentState.OPEN,
        opens_tickets=current_user.has(*HOTLINE_ROLES),
    )


def fill_from_signal(session: Session, form: OpenForm, signal_id: int) -> None:
    """What a signal says; 404 where it is not one that waits."""
    waiting = queries.waiting_signals(session, acting_context())
    raised = next((one for one in waiting if one.signal.id == signal_id), None)
    if raised is None:
        abort(404)
    signal = raised.signal
    form.signal.data = str(signal.id)
    form.category_code.data, form.district.data, form.address.data = (
        signal.category_code,
        signal.district,
        signal.place,
    )
    form.title.data = f"{signal.place} {_short(session, signal.category_code)}".strip()
    form.master_number.data = raised.masters[0] if raised.masters else ""
    form.reason.data = _("%(citizens)d 位市民反映同一件事", citizens=raised.citizens)


def fill_from_ticket(session: Session, form: OpenForm, number: str) -> None:
    """What a ticket says, as whoever looks may read it of any ticket."""
    ticket = ticket_to_read(session, number)
    form.master_number.data = ticket.number
    form.category_code.data, form.district.data = ticket.category_code or "", ticket.district
    form.address.data = impersonal(ticket.address)  # others read it, whatever is unmasked now
    form.title.data = f"{form.address.data} {_short(session, ticket.category_code)}".strip()


def _short(session: Session, code: str | None) -> str:
    return category_name(session, code).rpartition(" / ")[2]


def _line(session: Session, line: IncidentLine) -> Line:
    changes = [
        (str(FIELD_NAMES.get(name, name)), *(_value(session, name, value) for value in values))
        for name, values in line.changes.items()
    ]
    return Line(line, changes)


def _value(session: Session, name: str, value: str) -> str:
    if name == "category_code":
        return category_name(session, value)
    if name == "expected_end_at" and value:
        return times.when(datetime.fromisoformat(value))
    return value
