"""The week as a sheet: taken away to be filled in elsewhere, and brought back onto the page, not saved."""

import csv
from collections.abc import Sequence
from datetime import date
from io import BytesIO, StringIO

from flask import send_file
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.beside import Answer
from agent_console.house import acting_context
from agent_console.imports.forms import SheetForm
from agent_console.imports.words import told
from agent_console.refusals import explain
from agent_console.roster import reads
from agent_console.roster.views import blueprint, monday_of, week_page
from agent_console.roster.words import shift_name, told_unread
from agent_console.words import _
from hotline.call_plan.queries import live_plan
from hotline.evidence.faults import FileRefused
from hotline.imports.rules import LARGEST_FILE, SheetRefused
from hotline.imports.sheets import table_of
from hotline.roster import queries
from hotline.roster.rules import days_of
from hotline.roster.service import READERS, WRITERS, shifts_of_agents
from hotline.roster.sheets import Cells, Unread, Words, read_week

_EXTENSION = ("分机", "extension")


@blueprint.get("/<monday>/sheet.csv")
@open_to(*READERS)
def sheet(monday: str) -> Response:
    """Everybody who can be on the roster, with the shifts that are kept."""
    begins = monday_of(monday)
    days = days_of(begins)
    made = StringIO(newline="")
    rows = csv.writer(made)
    rows.writerow([_("分机"), _("姓名"), *(day.isoformat() for day in days)])
    with acting_context().reading() as session:
        kept = reads.week(acting_context(), session, begins)
        names = {one.code: shift_name(one) for one in kept.shifts}
        for person in kept.people:
            codes = (kept.cells.get((person.id, day), "") for day in days)
            shifts = [names.get(code, code) for code in codes]
            rows.writerow([person.extension or "", person.display_name, *shifts])
    content = BytesIO(made.getvalue().encode("utf-8-sig"))  # by which spreadsheet programs know UTF-8
    name = f"{_('排班')}-{begins.isoformat()}.csv"
    return send_file(content, "text/csv", as_attachment=True, download_name=name)


@blueprint.post("/<monday>/sheet")
@open_to(*WRITERS)
def fill_in(monday: str) -> Answer:
    """The page filled in with what the sheet says; nothing is saved."""
    begins, form = monday_of(monday), SheetForm()
    if not form.validate_on_submit():
        said = next(iter(form.sheet.errors), _("页面已过期，请刷新后再试。"))
        return week_page(begins, problem=str(said)), 422
    file = form.sheet.data
    try:
        cells, unread = _read(file.filename or "", file.read(LARGEST_FILE + 1), days_of(begins))
    except SheetRefused as refused:
        return week_page(begins, problem=told(refused)), 422
    except FileRefused as refused:
        return week_page(begins, problem=explain(refused)), 422
    problems = [told_unread(one) for one in unread]
    page = week_page(begins, cells if cells else None, filled_from="sheet" if cells else "", unread=problems)
    return page, 422 if problems else 200


def _read(name: str, content: bytes, days: Sequence[date]) -> tuple[Cells, list[Unread]]:
    with acting_context().reading() as session:
        return read_week(table_of(name, content), days, _words(session))


def _words(session: Session) -> Words:
    shifts: dict[str, str] = {}
    for one in shifts_of_agents(live_plan(session, acting_context().settings).plan).values():
        shifts |= {word.casefold(): one.code for word in (one.code, one.name_zh, one.name_en)}
    people = {person.extension: person.id for person in queries.people(session) if person.extension}
    return Words(_EXTENSION, people, shifts)
