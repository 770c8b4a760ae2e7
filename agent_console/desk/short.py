"""The short draft while a surge asks for it: the required fields, and an offer of what the call is about."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from agent_console.language import is_english
from agent_console.words import _
from hotline.call_plan import queries
from hotline.call_plan.models import Surge
from hotline.config import Settings
from hotline.dispatch.models import Category
from hotline.dispatch.queries import is_offered
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft

OFFERED = ("category_code", "district", "address")
FIELDS = ("category_code", "description", "demands", "district", "address", "complainant_phone")
"""Those of rulebook B1 that a ticket must have, beside its type: the matter, in the citizen's words, and a
place or a telephone. Everything else is folded."""


@dataclass(frozen=True)
class ShortIntake:
    """`offer` is what the surge says of fields that are still empty, `words` the same for people."""

    fields: tuple[str, ...]
    offer: dict[str, str]
    words: str


def short_intake(session: Session, settings: Settings, ticket: Ticket) -> ShortIntake | None:
    """None while no surge asks for short intake."""
    surge = queries.surge(session)
    if surge is None or not queries.live_plan(session, settings).plan.surge.short_intake:
        return None
    offer = _offer(session, surge, {name: getattr(ticket, name) for name in OFFERED})
    return ShortIntake(FIELDS, offer, _words(session, offer))


def accepted(session: Session, draft: Draft) -> Draft:
    """The draft with what the surge that is on says of fields that the agent has not filled in."""
    surge = queries.surge(session)
    offer = _offer(session, surge, {name: getattr(draft, name) for name in OFFERED}) if surge else {}
    return replace(
        draft,
        category_code=offer.get("category_code", draft.category_code),
        district=offer.get("district", draft.district),
        address=offer.get("address", draft.address),
    )


def _offer(session: Session, surge: Surge, filled: dict[str, Any]) -> dict[str, str]:
    offer = {name: getattr(surge, name) for name in OFFERED if getattr(surge, name) and not filled[name]}
    if "category_code" in offer and not is_offered(session, offer["category_code"]):
        del offer["category_code"]
    return offer


def _words(session: Session, offer: dict[str, str]) -> str:
    category = session.get(Category, offer.get("category_code", ""))
    name = (category.name_en if is_english() else category.name_zh) if category else ""
    return _("、").join(filter(None, (name, offer.get("district", ""), offer.get("address", ""))))
