"""The calculator: people that each half hour of a day needs, beside the seats that the call plan has."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.deadlines.words import day_words
from agent_console.house import acting_context, house
from agent_console.language import is_english
from agent_console.staffing.forms import USUAL_RING, CalculatorForm, calculator_form, calls_field
from agent_console.times import local
from agent_console.words import _
from hotline.call_plan.queries import live_plan
from hotline.deadlines.calendar import ChineseCalendar
from hotline.insight.queries import Past, past
from hotline.insight.staffing import (
    HalfHour,
    half_hours,
    hours_of_work,
    same_weekdays,
    seats_by_half_hour,
    staffing,
    with_skill,
)
from hotline.people.actors import Role
from hotline.queueing.queries import skills

blueprint = Blueprint("staffing", __name__, url_prefix="/staffing")

PLANNERS = (Role.SUPERVISOR, Role.DIRECTOR)


@blueprint.get("/")
@open_to(*PLANNERS)
def calculator() -> str | tuple[str, int]:
    """`?day=`: what is not typed is taken from the last four days of the same weekday. `&skill=`: of the
    calls alone that want agents with it, beside the seats of their shifts."""
    today = local(house().context.now()).date()
    with acting_context().reading() as session:
        form = calculator_form(request.args, today + timedelta(days=1), _skills(session))
        well = not request.args or form.validate()
        day, skill = (form.day.data, form.skill.data) if well else (today + timedelta(days=1), "")
        known = past(session, house().context.settings.zone, same_weekdays(day, today), skill)
        found = _found(session, form, known, day) if well else []
    page = render_template(
        "staffing/calculator.html",
        form=form,
        known=known,
        known_days=[(one, count) for one, count in known.days if count],
        known_handling=known.handling,
        found=found,
        wanted=hours_of_work([one.people for one in found]),
        planned=hours_of_work([one.seats for one in found]),
        day=day,
        day_words=day_words,
        calls_field=calls_field,
        spans=half_hours(),
        usual_ring=round(USUAL_RING),
    )
    return (page, 422) if form.errors else page


def _found(session: Session, form: CalculatorForm, known: Past, day: date) -> list[HalfHour]:
    """Empty, with a word beside the field, where nobody knows how long calls take."""
    handling, calls = form.handling(known.handling), form.calls(known)
    if handling is None:
        if any(calls):
            form.talk.errors = [_("还没有通话记录，请填写")]
        return []
    plan = live_plan(session, house().context.settings).plan
    if form.skill.data:
        plan = with_skill(plan, form.skill.data)
    seats = seats_by_half_hour(plan, day, ChineseCalendar())
    return staffing(calls, handling, form.promise(), form.away.data / 100, seats)


def _skills(session: Session) -> dict[str, str]:
    """Names by code."""
    return {one.code: one.name_en if is_english() else one.name_zh for one in skills(session)}
