"""What the caller's words suggest for a draft, with the words: the page puts it in grey into its fields."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, render_template
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console import labels, times
from agent_console.access import open_to
from agent_console.desk.views import TICKET, blueprint
from agent_console.house import acting_context, house
from agent_console.language import is_english
from agent_console.suggested_lead import SUGGESTION_WORDS
from agent_console.tickets.reads import category_name
from agent_console.words import LazyString, _, _l
from hotline.people.actors import Role
from hotline.people.models import Department
from hotline.suggestions.places import UNLISTED
from hotline.suggestions.queries import suggestions_for
from hotline.suggestions.values import Field, Suggestion
from hotline.tickets import privacy
from hotline.tickets.queries import with_everything
from hotline.tickets.states import State

FILLS = (
    Field.TYPE,
    Field.CATEGORY,
    Field.URGENCY,
    Field.DESCRIPTION,
    Field.DEMANDS,
    Field.DISTRICT,
    Field.STREET,
    Field.ADDRESS,
    Field.RESPONDENT,
    Field.OCCURRED_AT,
)
"""Fields of the form that a suggestion can fill."""

FIELD_NAMES: Mapping[str, LazyString] = {
    Field.TYPE: _l("诉求类型"),
    Field.CATEGORY: _l("诉求分类"),
    Field.URGENCY: _l("紧急程度"),
    Field.DESCRIPTION: _l("事情经过"),
    Field.DEMANDS: _l("具体诉求"),
    Field.DISTRICT: _l("区（县）"),
    Field.STREET: _l("街道"),
    Field.ADDRESS: _l("详细地址"),
    Field.RESPONDENT: _l("被反映对象"),
    Field.OCCURRED_AT: _l("发生时间"),
}
DANGERS: Mapping[str, LazyString] = {
    "suicide": _l("有人可能轻生"),
    "gas": _l("燃气泄漏"),
    "fire": _l("着火、爆炸"),
    "trapped": _l("有人被困"),
    "collapse": _l("房屋倒塌"),
    "life": _l("有人病危"),
    "crime": _l("暴力、行凶"),
    "crash": _l("交通事故"),
    "missing": _l("有人走失"),
}


@dataclass(frozen=True)
class Offer:
    """A suggestion as the page shows it. `shown` is the value in words, `said` the caller's words."""

    field: Field
    value: str
    shown: str
    said: str
    at: str
    note: str = ""


@blueprint.get(f"/draft/{TICKET}/suggestions")
@open_to(Role.AGENT)
def suggestions(ticket_id: int) -> str | Response:
    """The offers for a draft; 204 where there is no draft any more, or its words may not be read."""
    with acting_context().reading() as session:
        ticket = with_everything(session, ticket_id)
        if ticket is None or ticket.state is not State.DRAFT:
            return Response(status=204)
        if not privacy.may_listen(current_user.actor, ticket):
            return Response(status=204)
        found = suggestions_for(session, house().context, house().librarian, ticket)
        offers = [offer for suggestion in found if (offer := _offer(session, suggestion))]
        return render_template(
            "desk/suggestions.html",
            field_names=FIELD_NAMES,
            ticket=ticket,
            fills=[offer for offer in offers if offer.field in FILLS],
            dangers=[offer for offer in offers if offer.field is Field.HAND_OVER],
            department=next((offer for offer in offers if offer.field is Field.DEPARTMENT), None),
            recurs=next((offer for offer in offers if offer.field is Field.RECURS), None),
            similar=[offer for offer in offers if offer.field is Field.SIMILAR],
        )


def _offer(session: Session, suggestion: Suggestion) -> Offer | None:
    shown = _shown(session, suggestion)
    if not shown:
        return None
    first = suggestion.evidence[0] if suggestion.evidence else None
    said = "…".join(evidence.words for evidence in suggestion.evidence)
    at = times.minutes_and_seconds(first.at_s) if first and first.at_s is not None else ""
    return Offer(suggestion.field, suggestion.value, shown, said, at, _note(suggestion))


def _shown(session: Session, suggestion: Suggestion) -> str:
    value = suggestion.value
    match suggestion.field:
        case Field.TYPE:
            return str(labels.TYPES.get(value, ""))
        case Field.URGENCY:
            return str(labels.URGENCIES.get(value, ""))
        case Field.CATEGORY:
            return category_name(session, value)
        case Field.DEPARTMENT:
            named = session.scalars(select(Department).where(Department.code == value)).one_or_none()
            return (named.name_en if is_english() else named.name_zh) if named else ""
        case Field.OCCURRED_AT:
            return value.replace("T", " ").removesuffix(" 00:00")
    return value


def _note(suggestion: Suggestion) -> str:
    match suggestion.field:
        case Field.HAND_OVER:
            return str(DANGERS.get(suggestion.note, ""))
        case Field.DEPARTMENT:
            return str(SUGGESTION_WORDS.get(suggestion.note, ""))
        case Field.ADDRESS:
            return _("地名表里没有这条路，请核对") if suggestion.note == UNLISTED else ""
        case Field.SIMILAR:
            return _("很可能是同一件事") if suggestion.note == "same" else _("相近")
    return ""
