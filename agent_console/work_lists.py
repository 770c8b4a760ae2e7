"""A work list: a table of tickets, the opened one beside it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import render_template, request
from flask_login import current_user
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from agent_console.filters.narrowing import Narrowed, narrow
from agent_console.language import is_english
from agent_console.tickets.reads import TicketPage, others_here, page_of, ticket_to_read
from agent_console.together.deeds import deeds_of
from hotline.citizens.queries import marks_of
from hotline.dispatch.models import Category
from hotline.lists.queries import Candidates
from hotline.tickets import privacy
from hotline.tickets.models import Ticket


def opened_page(session: Session) -> TicketPage | None:
    """The ticket that `?open=NUMBER` names, or None."""
    number = request.args.get("open", "")
    return page_of(session, ticket_to_read(session, number)) if number else None


def category_names(session: Session) -> dict[str | None, str]:
    """Every category's name by its code, in the reader's language."""
    name = Category.name_en if is_english() else Category.name_zh
    return {row[0]: row[1] for row in session.execute(select(Category.code, name))}


def render_list(
    session: Session,
    title: str,
    source: Select[Ticket] | Sequence[Ticket] | Narrowed,
    empty: tuple[str, str],
    dues: Mapping[int, datetime] | None = None,
    remarks: Mapping[int, str] | None = None,
    elsewhere: tuple[str, str] | None = None,
) -> str:
    """The list of the current endpoint, as its address narrows it. `empty` is what to say, and what to do,
    when nothing is in it.

    `dues` are the limits to show by the tickets' ids, where they are others than the department's, and
    `remarks` are words about some. `elsewhere` leads to a list beside this one: its address and its name.
    """
    shown = source if isinstance(source, Narrowed) else narrow(session, Candidates(source, dues))
    return _rendered(session, title, shown.tickets, empty, dues, remarks, elsewhere, shown)


def render_sealed(session: Session, title: str, tickets: Sequence[Ticket], empty: tuple[str, str]) -> str:
    """A list of what only discipline inspection may open. Nothing is looked for in it."""
    return _rendered(session, title, tickets, empty)


def _rendered(
    session: Session,
    title: str,
    tickets: Sequence[Ticket],
    empty: tuple[str, str],
    dues: Mapping[int, datetime] | None = None,
    remarks: Mapping[int, str] | None = None,
    elsewhere: tuple[str, str] | None = None,
    narrowed: Narrowed | None = None,
) -> str:
    readable = [t for t in tickets if not privacy.is_sealed_for(current_user.actor, t)]
    return render_template(
        "tickets/list.html",
        title=title,
        tickets=readable,
        narrowed=narrowed,
        deeds=deeds_of(request.endpoint),
        asked=narrowed.asked if narrowed else {},
        categories=category_names(session),
        opened=opened_page(session),
        empty=empty,
        dues={t.id: t.due_at for t in readable} if dues is None else dues,
        remarks=remarks or {},
        marks=marks_of(session, [ticket.id for ticket in readable]),
        others=others_here(session, readable),
        endpoint=request.endpoint,
        elsewhere=elsewhere,
    )
