"""Reads of the catalogue and of assignments."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hotline.dispatch.models import Assignment, AssignmentRole, CatalogueRule, Category
from hotline.tickets.models import Ticket


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
    """All categories in the order in which they are shown."""
    return session.scalars(select(Category).order_by(Category.position, Category.code)).all()


def suggest_lead(session: Session, ticket: Ticket) -> Suggestion | None:
    """The catalogue's row for a ticket. None when the catalogue is silent."""
    return lead_for(session, ticket.category_code, ticket.district)


def lead_for(session: Session, category_code: str | None, district: str) -> Suggestion | None:
    """The catalogue's row for a category (or the class above) in a district, then anywhere, then the
    district's own fallback. None when the catalogue is silent."""
    rules = select(CatalogueRule).options(joinedload(CatalogueRule.lead)).where(CatalogueRule.is_active)
    found = {(rule.category_code, rule.district): rule for rule in session.scalars(rules)}
    for code in _category_and_above(session, category_code):
        if district and (rule := found.get((code, district))):
            return Suggestion(rule, SuggestionReason.CATEGORY_AND_PLACE)
        if rule := found.get((code, "")):
            return Suggestion(rule, SuggestionReason.CATEGORY)
    if district and (rule := found.get((None, district))):
        return Suggestion(rule, SuggestionReason.PLACE)
    return None


def _category_and_above(session: Session, code: str | None) -> list[str]:
    chain: list[str] = []
    while code and code not in chain:
        chain.append(code)
        category = session.get(Category, code)
        code = category.parent_code if category else None
    return chain


def lead_assignment(session: Session, ticket_id: int) -> Assignment | None:
    """The lead's current assignment, or None before dispatch."""
    query = select(Assignment).options(joinedload(Assignment.department))
    return session.scalar(
        query.where(
            Assignment.ticket_id == ticket_id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.is_current,
        )
    )


def open_assists(session: Session, ticket_id: int) -> Sequence[Assignment]:
    """Assisting departments that have not finished."""
    query = select(Assignment).where(
        Assignment.ticket_id == ticket_id,
        Assignment.role == AssignmentRole.ASSIST,
        Assignment.is_current,
        Assignment.finished_at.is_(None),
    )
    return session.scalars(query).all()
