"""The week of the roster: read, written as a whole, copied from the one before."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from agent_console.access import open_to
from agent_console.beside import Answer
from agent_console.deadlines.words import day_words
from agent_console.house import acting_context, house
from agent_console.roster import reads, words
from agent_console.roster.forms import WeekForm
from agent_console.row_ids import row_id
from agent_console.times import local
from agent_console.words import _
from hotline.roster.rules import WEEK_DAYS, Fault, days_of, week_of
from hotline.roster.service import READERS, WRITERS, RosterRefused, StaleRoster, write_week

blueprint = Blueprint("roster", __name__, url_prefix="/roster")

FIRST_YEAR, LAST_YEAR = 2000, 2100


@blueprint.get("/")
@open_to(*READERS)
def week() -> str:
    """`?week=`: any day of it, else this week. `&copy=1`: filled in as the week before, and not saved yet."""
    monday = monday_of(request.args.get("week") or local(house().context.now()).date().isoformat())
    if "copy" not in request.args or not current_user.has(*WRITERS):
        return week_page(monday)
    with acting_context().reading() as session:
        copied = reads.as_last_week(acting_context(), session, monday)
    return week_page(monday, copied, filled_from="week")


@blueprint.post("/<monday>")
@open_to(*WRITERS)
def write(monday: str) -> Answer:
    """The whole week."""
    begins, form = monday_of(monday), WeekForm()
    typed = _cells(days_of(begins))
    if not form.validate():
        return week_page(begins, typed, _("页面已过期，请刷新后再试。")), 422
    wanted = {cell: code for cell, code in typed.items() if code}
    try:
        write_week(acting_context(), begins, form.revision.data, wanted)
    except RosterRefused as refusal:
        return week_page(begins, typed, _("没有保存：有的班排不下，请看格子里的字。"), refusal.faults), 422
    except StaleRoster as stale:
        return week_page(begins, typed, _stale(stale.by or _("有人"))), 409
    flash(_("这一周的排班已保存。"))
    return redirect(url_for("roster.week", week=begins.isoformat()))


def _stale(name: str) -> str:
    return _(
        "%(name)s 刚刚改过这一周，什么都没有保存。您填的还在下面；要看新的，请重新打开这一周。", name=name
    )


def week_page(
    monday: date,
    cells: reads.Typed | None = None,
    problem: str = "",
    faults: Sequence[Fault] = (),
    filled_from: str = "",
    unread: Sequence[str] = (),
) -> str:
    """As it is kept, or with `cells`, not saved, that come from the last `week` or a `sheet`, of which some
    places were `unread`."""
    context = acting_context()
    with context.reading() as session:
        shown = reads.week(context, session, monday, cells)
        return render_template(
            "roster/week.html",
            week=shown,
            before=monday - timedelta(days=WEEK_DAYS),
            after=monday + timedelta(days=WEEK_DAYS),
            revision=request.form.get("revision") or shown.revision,
            faults={
                (one.user_id, one.day): words.obstacle_words(one.obstacle, context.settings.rest_hours)
                for one in faults
            },
            problem=problem,
            filled_from=filled_from,
            unread=unread,
            may_write=current_user.has(*WRITERS),
            is_over=shown.days[-1] < shown.today,
            day_names={day: day_words(day) for day in shown.days},
            options=words.options_of(shown),
            words=words,
        )


def monday_of(text: str) -> date:
    """Of the week in which this day is; 404 for what is no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        abort(404)
    return week_of(day)


def _cells(days: Sequence[date]) -> dict[tuple[int, date], str]:
    """What was chosen for these days; 400 for names that the page does not have."""
    found = {}
    for name, code in request.form.items():
        if name.startswith("cell-"):
            try:
                _cell, person, day = name.split("-", 2)
                found[row_id(person), days[days.index(date.fromisoformat(day))]] = code
            except ValueError:
                abort(400)
    return found
