"""The steps that can be taken for several tickets, each with what it would do to one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console.house import acting_context
from agent_console.language import is_english
from agent_console.suggested_lead import suggested
from agent_console.words import LazyString, _, _l
from hotline.dispatch import service
from hotline.follow_up import again
from hotline.follow_up.queries import open_of
from hotline.people.actors import Role
from hotline.people.models import Department
from hotline.supervision import service as supervision
from hotline.supervision.rules import URGERS
from hotline.tickets.models import Ticket

DUE = _l("办理期限")


class CannotBeTogether(Exception):
    """This ticket needs somebody who looks at it by itself; says why, in the reader's language."""


@dataclass(frozen=True)
class Plan:
    """What the step would do to a ticket: who has it then and until when, and how that is done."""

    unit: str
    due_at: datetime | None
    seal: str
    """The same while nothing of this, nor the ticket, has changed."""
    do: Callable[[str], object]
    """With what was written for all of them; empty for steps that ask for nothing."""
    assists: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Deed:
    """A step of one list. `plan` raises the core's refusals, or `CannotBeTogether`."""

    name: str
    place: str
    roles: tuple[Role, ...]
    label: LazyString
    done: LazyString
    plan: Callable[[Session, Ticket], Plan]
    until: LazyString = DUE
    """What the plan's `due_at` is the limit of."""
    takes_words: bool = False
    """Whether a text may be written for all of them."""


def plan_dispatch(session: Session, ticket: Ticket) -> Plan:
    """To whom the dispatcher's form would suggest."""
    context, ticket_id = acting_context(), ticket.id
    lead_id, why, assists = suggested(session, ticket)
    if lead_id is None:
        raise CannotBeTogether(_("派单目录里没有对应的单位，请打开单独派单。"))
    due = service.foresee_dispatch(session, context, ticket, lead_id, assists)
    names = [_unit(session, one) for one in (lead_id, *assists)]
    return Plan(
        unit=names[0],
        due_at=due.result_at,
        seal="-".join(str(one) for one in (ticket.version, lead_id, *assists)),
        do=lambda _words: service.dispatch(context, ticket_id, lead_id, assists),
        assists=tuple(names[1:]),
        why=why or "",
    )


def plan_sign(session: Session, ticket: Ticket) -> Plan:
    """The department's signature."""
    context, ticket_id = acting_context(), ticket.id
    service.foresee_sign(context, ticket)
    return Plan(
        unit=_unit(session, ticket.holder_id),
        due_at=ticket.due_at,
        seal=str(ticket.version),
        do=lambda _words: service.sign(context, ticket_id),
    )


def plan_urging(session: Session, ticket: Ticket) -> Plan:
    """The supervisor urges the department that is late."""
    context, ticket_id = acting_context(), ticket.id
    answered_by = supervision.foresee_urging(session, context, ticket)
    return Plan(
        unit=_unit(session, ticket.holder_id),
        due_at=answered_by,
        seal=f"{ticket.version}-{ticket.holder_id}-{answered_by:%Y%m%d%H%M}",
        do=lambda words: supervision.urge(context, ticket_id, words),
    )


def plan_asking_again(session: Session, ticket: Ticket) -> Plan:
    """The follow-up waits no longer for later, or for a person."""
    context, owed = acting_context(), open_of(session, ticket.id)
    if owed is None:
        raise CannotBeTogether(_("现在没有等回访的，可能已有人处理。"))
    follow_up_id, at = owed.id, again.foresee_again(context, owed)
    return Plan(
        unit=_unit(session, ticket.holder_id),
        due_at=at,
        seal=f"{follow_up_id}-{len(owed.attempts)}",
        do=lambda _words: again.ask_again(context, follow_up_id),
        why=_("已拨 %(count)d 次", count=len(owed.attempts)),
    )


DISPATCH = Deed(
    "dispatch", "dispatch.queue", (Role.DISPATCHER,), _l("按建议派单"), _l("已派单"), plan_dispatch
)
SIGN = Deed("sign", "replies.unit_queue", (Role.HANDLER,), _l("签收"), _l("已签收"), plan_sign)
URGE = Deed(
    "urge",
    "supervision.late",
    URGERS,
    _l("向单位催办"),
    _l("已催办"),
    plan_urging,
    until=_l("答复期限"),
    takes_words=True,
)
ASK_AGAIN = Deed(
    "again",
    "follow_up.queue",
    (Role.CALLBACK_AGENT,),
    _l("安排自动回访"),
    _l("已安排自动回访"),
    plan_asking_again,
    until=_l("下次拨打"),
)
DEEDS = (DISPATCH, SIGN, URGE, ASK_AGAIN)


def deeds_of(place: str | None) -> list[Deed]:
    """What whoever is signed in can do with several tickets of this list."""
    return [deed for deed in DEEDS if deed.place == place and current_user.has(*deed.roles)]


def _unit(session: Session, department_id: int | None) -> str:
    unit = session.get(Department, department_id) if department_id else None
    if unit is None:
        return ""
    return unit.name_en if is_english() else unit.name_zh
