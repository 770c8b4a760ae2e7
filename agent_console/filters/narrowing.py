"""A work list as its address narrows it, and the filters that whoever looks has saved for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console.filters.forms import FilterForm, Offer, conditions
from agent_console.house import house
from hotline.lists.models import SavedFilter
from hotline.lists.queries import SHOWN, Candidates, counted, narrowed, saved_filters
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
    """What is left of a list: at most `SHOWN` tickets of `count`, by the conditions `asked`."""

    tickets: Sequence[Ticket]
    count: int
    asked: dict[str, Any]
    form: FilterForm
    chips: Sequence[Chip]


def narrow(session: Session, *among: Candidates) -> Narrowed:
    """The tickets of the present page's list, one source after the other."""
    actor, now, place = current_user.actor, house().context.now(), str(request.endpoint)
    offer, asked = Offer(session), conditions(request.args)
    form = offer.form(asked)
    wanted = form.narrowing()
    found = [
        ticket
        for one in among
        for ticket in narrowed(session, actor, one, wanted, now)
        if not privacy.is_sealed_for(actor, ticket)
    ]
    count = len(found)
    if count >= SHOWN:
        count = sum(counted(session, actor, one, wanted, now) for one in among)
    chips = [
        Chip(
            saved,
            sum(counted(session, actor, one, offer.form(saved.asked).narrowing(), now) for one in among),
            saved.asked == asked,
        )
        for saved in saved_filters(session, current_user.user_id, place)
    ]
    return Narrowed(found, count, asked, form, chips)


def filter_of_page() -> str:
    """The filter of the present list, for forms that lead back to it."""
    return urlencode(conditions(request.args))


def filter_to_go_back_to() -> dict[str, Any]:
    """What a form that was opened beside a narrowed list says of that."""
    return conditions(dict(parse_qsl(request.form.get("back_filter", ""))))
