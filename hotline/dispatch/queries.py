"""Reads of the catalogue and of assignments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from hotline.asked_once import asked_once
from hotline.built_once import built_once
from hotline.dispatch.models import (
    Assignment,
    AssignmentRole,
    CatalogueRule,
    Category,
    ReturnRequest,
    ReturnState,
)
from hotline.people.models import Department
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

WHILE_ASSISTED = (
    State.DISPATCHED,
    State.RETURN_PENDING,
    State.HANDLING,
    State.NEED_INFO_UNIT,
    State.SUSPENDED,
)
"""Until the lead has replied; after that nobody waits for an assisting department."""
HIGHEST = 9
"""So many classes above a category are looked through, also where somebody has put one above itself."""


class SuggestionReason(StrEnum):
    """Why the catalogue names this lead (rulebook B5.1)."""

    CATEGORY_AND_PLACE = "category_and_place"
    CATEGORY = "category"
    PLACE = "place"


@dataclass(frozen=True)
class Suggestion:
    """A catalogue row and why it fits."""

    rule: CatalogueRule
    reason: SuggestionReason


def categories(session: Session) -> Sequence[Category]:
    """All categories in the order in which they are shown, retired ones among them."""
    return session.scalars(select(Category).order_by(Category.position, Category.code)).all()


def is_offered(session: Session, code: str) -> bool:
    """Whether a new matter may be of this category."""
    category = session.get(Category, code)
    return category is not None and category.retired_at is None


def suggest_lead(session: Session, ticket: Ticket) -> Suggestion | None:
    """The catalogue's row for a ticket. None when the catalogue is silent."""
    return lead_for(session, ticket.category_code, ticket.district)


def lead_for(session: Session, category_code: str | None, district: str) -> Suggestion | None:
    """The catalogue's row for a category (or the class above) in a district, then anywhere, then the
    district's own fallback. None when the catalogue is silent."""
    nearest = session.scalars(*_nearest_rule(category_code or "", district)).first()
    if nearest is None:
        return None
    if nearest.category_code is None:
        return Suggestion(nearest, SuggestionReason.PLACE)
    here = SuggestionReason.CATEGORY_AND_PLACE if nearest.district else SuggestionReason.CATEGORY
    return Suggestion(nearest, here)


def without_a_lead(found: Sequence[Category], rules: Sequence[CatalogueRule]) -> list[Category]:
    """Of all classes those at the bottom for which these rows name nobody in the whole city: `lead_for` would
    be silent for each."""
    named = {rule.category_code for rule in rules if not rule.district}
    above = {one.code: one.parent_code for one in found}
    offered = [one for one in found if one.retired_at is None]
    parents = {one.parent_code for one in offered}

    def is_named(code: str | None) -> bool:
        for _height in range(HIGHEST + 1):
            if code is None or code in named:
                return code is not None
            code = above.get(code)
        return False

    return [one for one in offered if one.code not in parents and not is_named(one.code)]


@built_once
def _nearest_rule(code: str, district: str) -> Select[CatalogueRule]:
    """The category's own before those of the classes above, of each the district's before the whole city's;
    last what goes by the district alone."""
    own = select(Category.code, Category.parent_code, literal(0).label("height")).where(Category.code == code)
    above = own.cte("above", recursive=True)
    parents = select(Category.code, Category.parent_code, above.c.height + 1)
    parents = parents.join(above, Category.code == above.c.parent_code).where(above.c.height < HIGHEST)
    above = above.union_all(parents)
    rule = CatalogueRule
    by_district = and_(rule.category_code.is_(None), rule.district != "")
    query = select(rule).options(joinedload(rule.lead)).outerjoin(above, above.c.code == rule.category_code)
    query = query.where(rule.is_active, or_(rule.district == district, rule.district == ""))
    query = query.where(or_(above.c.code.is_not(None), by_district))
    return query.order_by(above.c.height.is_(None), above.c.height, rule.district == "").limit(1)


def current_parts(session: Session, ticket_id: int) -> tuple[Assignment | None, list[Assignment]]:
    """The lead's current assignment, None before dispatch, and the assisting departments that have not
    finished, in one read."""
    parts = session.scalars(*_current(ticket_id)).all()
    lead = next((part for part in parts if part.role is AssignmentRole.LEAD), None)
    return lead, [part for part in parts if part is not lead and part.finished_at is None]


@built_once
def _current(ticket_id: int) -> Select[Assignment]:
    query = select(Assignment).where(Assignment.ticket_id == ticket_id, Assignment.is_current)
    return query.order_by(Assignment.id)


@asked_once
def lead_assignment(session: Session, ticket_id: int) -> Assignment | None:
    """The lead's current assignment, or None before dispatch."""
    return session.scalars(*_lead(ticket_id)).first()


@built_once
def _lead(ticket_id: int) -> Select[Assignment]:
    return select(Assignment).options(joinedload(Assignment.department)).where(is_lead_of(ticket_id))


def is_lead_of(ticket_id: int) -> ColumnElement[bool]:
    """Whether an assignment is the lead's current one of the ticket."""
    role = Assignment.role == AssignmentRole.LEAD
    return and_(Assignment.ticket_id == ticket_id, role, Assignment.is_current)


@asked_once
def assists_of(session: Session, ticket_id: int) -> Sequence[Assignment]:
    """The parts of assisting departments, finished or not, in the order of dispatch."""
    query = (
        select(Assignment)
        .options(joinedload(Assignment.department))
        .where(
            Assignment.ticket_id == ticket_id,
            Assignment.role == AssignmentRole.ASSIST,
            Assignment.is_current,
        )
    )
    return session.scalars(query.order_by(Assignment.id)).all()


@asked_once
def open_assists(session: Session, ticket_id: int) -> Sequence[Assignment]:
    """Assisting departments that have not finished."""
    query = select(Assignment).where(
        Assignment.ticket_id == ticket_id,
        Assignment.role == AssignmentRole.ASSIST,
        Assignment.is_current,
        Assignment.finished_at.is_(None),
    )
    return session.scalars(query).all()


def overdue_assists(session: Session, ticket_id: int, now: datetime) -> list[Assignment]:
    """Parts of assisting departments that have not finished in time."""
    parts = assists_of(session, ticket_id)
    return [part for part in parts if part.finished_at is None and part.due_at <= now]


def assisted(session: Session, department_id: int, limit: int = 200) -> Sequence[Ticket]:
    """Tickets in which a department assists and has not finished its part, the earliest due first."""
    query = parts_to_finish(department_id).order_by(Assignment.due_at, Ticket.id)
    return session.scalars(query.limit(limit)).all()


def parts_to_finish(department_id: int) -> Select[Ticket]:
    """The same, to be counted."""
    query = select(Ticket).join(Assignment, Assignment.ticket_id == Ticket.id)
    return query.where(
        Assignment.department_id == department_id,
        Assignment.role == AssignmentRole.ASSIST,
        Assignment.is_current,
        Assignment.finished_at.is_(None),
        Ticket.state.in_(WHILE_ASSISTED),
    )


def unsigned(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of leads' assignments that are to be signed by themselves now; none while a return waits."""
    query = select(Assignment.id).join(Ticket).where(Assignment.auto_sign_at <= now)
    query = query.where(Ticket.state != State.RETURN_PENDING)
    return session.scalars(query.order_by(Assignment.auto_sign_at).limit(limit)).all()


def taken_to_sign(session: Session, assignment_ids: Sequence[int]) -> Sequence[Assignment]:
    """These assignments with their tickets, read anew and locked until the transaction ends, but for those
    that somebody else has locked: they stay due."""
    query = select(Assignment).join(Assignment.ticket).options(contains_eager(Assignment.ticket))
    query = query.where(Assignment.id.in_(assignment_ids), Assignment.auto_sign_at.is_not(None))
    query = query.order_by(Assignment.id).with_for_update(skip_locked=True)
    return session.scalars(query.execution_options(populate_existing=True)).all()


@asked_once
def returns_of(session: Session, ticket_id: int) -> Sequence[ReturnRequest]:
    """All returns of a ticket, oldest first."""
    return session.scalars(*_returns(ticket_id)).all()


@built_once
def _returns(ticket_id: int) -> Select[ReturnRequest]:
    query = select(ReturnRequest).where(ReturnRequest.ticket_id == ticket_id)
    query = query.options(joinedload(ReturnRequest.department), joinedload(ReturnRequest.suggested))
    return query.order_by(ReturnRequest.id)


def open_return(session: Session, ticket_id: int) -> ReturnRequest | None:
    """The return that waits for its decision, or None."""
    waiting = (one for one in returns_of(session, ticket_id) if one.state is ReturnState.ASKED)
    return next(waiting, None)


def waiting_returns(session: Session, limit: int = 200) -> Sequence[ReturnRequest]:
    """Returns without a decision, the earliest due first."""
    query = undecided_returns().options(
        joinedload(ReturnRequest.ticket), joinedload(ReturnRequest.department)
    )
    return session.scalars(query.order_by(ReturnRequest.due_at, ReturnRequest.id).limit(limit)).all()


def undecided_returns() -> Select[ReturnRequest]:
    """The same, to be counted."""
    return select(ReturnRequest).where(ReturnRequest.state == ReturnState.ASKED)


def designated_lead(session: Session, ticket_id: int) -> int | None:
    """The department that the hotline has designated for this ticket, if it had to."""
    return designated_by(returns_of(session, ticket_id))


def designated_by(returns: Sequence[ReturnRequest]) -> int | None:
    """As `designated_lead`, of returns that are read already."""
    return next((one.designated_id for one in reversed(returns) if one.designated_id), None)


def returned_by(session: Session, ticket_id: int) -> list[int]:
    """Departments whose return of this ticket was accepted."""
    return accepted_of(returns_of(session, ticket_id))


def accepted_of(returns: Sequence[ReturnRequest]) -> list[int]:
    """As `returned_by`, of returns that are read already."""
    return [one.department_id for one in returns if one.state is ReturnState.ACCEPTED]


def rows_in_force(session: Session) -> Sequence[CatalogueRule]:
    """The whole catalogue as it holds now, by class and place, with the people of those who lead."""
    with_people = joinedload(CatalogueRule.lead).selectinload(Department.users)
    query = select(CatalogueRule).options(with_people).where(CatalogueRule.is_active)
    return session.scalars(query.order_by(CatalogueRule.category_code, CatalogueRule.district)).all()


def versions_of(session: Session, rule: CatalogueRule) -> Sequence[CatalogueRule]:
    """Everything that the catalogue has said for this class and place, the newest first."""
    same = CatalogueRule.category_code == rule.category_code
    if rule.category_code is None:
        same = CatalogueRule.category_code.is_(None)
    query = select(CatalogueRule).options(joinedload(CatalogueRule.lead))
    here = query.where(same, CatalogueRule.district == rule.district)
    return session.scalars(here.order_by(CatalogueRule.version.desc())).all()
