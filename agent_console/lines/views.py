"""Use of each line by day, and the times of leaders on the line with their calls."""

from collections import Counter
from datetime import timedelta

from flask import Blueprint, render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.deadlines.words import day_words
from agent_console.department_names import unit_name
from agent_console.house import acting_context, house
from agent_console.language import is_english
from agent_console.lines.forms import DaysForm
from agent_console.times import local
from hotline.call_plan.queries import live_plan
from hotline.insight.leaders import held, to_come
from hotline.insight.lines import Use, total, use_of_day
from hotline.people.actors import Role

blueprint = Blueprint("lines", __name__, url_prefix="/lines")

READERS = (Role.SUPERVISOR, Role.DIRECTOR)
USUAL_DAYS = 7


@blueprint.get("/")
@open_to(*READERS)
def use() -> str | tuple[str, int]:
    """`?since=&until=`: by line; with `&line=` that line alone by day."""
    today = local(house().context.now()).date()
    start = {"since": today - timedelta(days=USUAL_DAYS - 1), "until": today}
    form = DaysForm(formdata=request.args if "since" in request.args else None, data=start)
    well = "since" not in request.args or form.validate()
    line = request.args.get("line", "")
    with acting_context().reading() as session:
        zone = house().context.settings.zone
        by_day = {day: use_of_day(session, zone, day) for day in (form.days() if well else [])}
        names, departments = _lines(session)
    uses = {number: Use() for number in names} | total(list(by_day.values()))
    page = render_template(
        "lines/use.html",
        form=form,
        uses=sorted(uses.items(), key=lambda one: (-one[1].calls, one[0])) if well else [],
        names=names,
        departments=departments,
        line=line,
        days=[(day, of_day.get(line, Use())) for day, of_day in by_day.items()] if line in uses else [],
        day_words=day_words,
    )
    return page if well else (page, 422)


def _lines(session: Session) -> tuple[dict[str, str], dict[str, str]]:
    """Names and departments of the plan's lines, by number."""
    lines = live_plan(session, house().context.settings).plan.lines
    names = {line.number: line.name_en if is_english() else line.name_zh for line in lines}
    return names, {line.number: unit_name(line.department) for line in lines}


@blueprint.get("/leaders")
@open_to(*READERS)
def leaders() -> str:
    """`?year=`: times that were held with their calls, by leader too; and what is announced."""
    now = house().context.now()
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else local(now).year
    with acting_context().reading() as session:
        settings = house().context.settings
        shown, ahead = held(session, settings, year, now), to_come(session, settings, now)
    times, taken = Counter(one.slot.leader for one in shown), Counter[str]()
    for one in shown:
        taken[one.slot.leader] += one.taken
    return render_template(
        "lines/leaders.html",
        year=year,
        held=shown,
        ahead=ahead,
        unit_name=unit_name,
        by_leader=[(name, count, taken[name]) for name, count in times.most_common()],
        day_words=day_words,
        edits=current_user.has(Role.SUPERVISOR),
    )
