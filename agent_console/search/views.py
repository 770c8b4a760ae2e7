"""The search page: by number straight to the ticket, else tickets, calls, or departments and people."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.language import is_english
from agent_console.masking import readable_hits
from agent_console.search.excerpts import excerpt
from agent_console.search.forms import SearchForm
from agent_console.seen import seen
from agent_console.tickets.words import marked
from agent_console.words import _l
from hotline.contacts.rules import caller_number
from hotline.dispatch.queries import categories
from hotline.gazetteer.queries import districts
from hotline.numbering import typed
from hotline.people.queries import departments
from hotline.search.people import people
from hotline.search.queries import said
from hotline.search.tickets import Found, of_telephone, tickets
from hotline.tickets.models import Ticket
from hotline.tickets.queries import by_number, by_numbers
from hotline.viewing.models import What

blueprint = Blueprint("search", __name__)

KINDS = {"tickets": _l("工单"), "calls": _l("通话里说过的"), "people": _l("单位与人员")}
LAST_PAGE = 40
_NUMBER = re.compile(r"[0-9]{8}[A-Z]{2}[0-9]{7}")
_TELEPHONE = re.compile(r"[+0-9][0-9\- ]{6,18}")


@blueprint.get("/search")
@open_to()
def search() -> str | Response:
    """`?q=WORDS&in=KIND&page=N` and filters. A ticket's number leads to the ticket."""
    words = request.args.get("q", "").strip()
    number = typed(words).upper()
    if _NUMBER.fullmatch(number):
        with acting_context().reading() as session:
            found = by_number(session, number)
        if found is not None and found.number:
            return redirect(url_for("tickets.ticket", number=found.number))
    kind = request.args.get("in", "tickets")
    return _page(kind if kind in KINDS else "tickets", words)


def _page(kind: str, words: str) -> str:
    form = SearchForm(request.args)
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    with acting_context().reading() as session:
        offered = list(categories(session))
        form.offer(offered, districts(session), departments(session))
        shown: dict[str, Any] = {"found": Found([], more=False), "hits": [], "people": None}
        if not form.validate():
            pass
        elif kind == "calls":
            hits = said(session, current_user.actor, words)
            shown["hits"] = readable_hits(session, current_user.actor, hits, words)
            _note(by_numbers(session, {hit.ticket_number for hit in shown["hits"]}))
        elif kind == "people":
            shown["people"] = people(session, current_user.actor, words)
        else:
            shown["found"] = _tickets(session, form, page)
            _note([hit.ticket for hit in shown["found"].hits])
        names = {one.code: one.name_en if is_english() else one.name_zh for one in offered}
        asks = form.wanted(page).asks if kind == "tickets" and not form.errors else bool(words)
        return render_template(
            "search/search.html",
            form=form,
            kind=kind,
            words=words,
            page=page,
            asks=asks,
            categories=names,
            number_unknown=bool(_NUMBER.fullmatch(typed(words).upper())),
            is_last=page == LAST_PAGE,
            **shown,
            **_SHOWN,
        )


def _tickets(session: Session, form: SearchForm, page: int) -> Found:
    wanted = form.wanted(page)
    telephone = typed(wanted.words)
    if _TELEPHONE.fullmatch(telephone):
        by_telephone = of_telephone(session, current_user.actor, caller_number(telephone).number, page)
        if by_telephone.hits:
            return by_telephone
    return tickets(session, current_user.actor, wanted)


def _note(found: Iterable[Ticket]) -> None:
    for ticket in found:
        seen(ticket, What.FOUND)


def address(**changes: Any) -> str:
    """This search with some of its parameters changed; one that is None is left out."""
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value}
    return url_for("search.search", **{**kept, **changes})


_SHOWN: Mapping[str, object] = {"kinds": KINDS, "marked": marked, "excerpt": excerpt, "address": address}
