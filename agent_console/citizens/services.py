"""The service directory for everybody: what departments do, their public telephones, the merged lines."""

from flask import Blueprint, render_template, request

from agent_console.access import open_to_all
from agent_console.citizens.limits import answered, searched_too_often
from agent_console.citizens.policies import LONGEST_WORDS
from agent_console.citizens.shown import Page
from agent_console.deadlines.words import day_words
from agent_console.house import house
from hotline.call_plan.queries import live_plan
from hotline.directory.listings import public_units
from hotline.insight.leaders import to_come

blueprint = Blueprint("services", __name__, url_prefix="/services")


@blueprint.get("/")
@open_to_all
def listed() -> Page:
    """`?words=`: departments and merged lines that hold the words."""
    typed = request.args.get("words", "").strip()[:LONGEST_WORDS]
    problem = searched_too_often(typed)
    words = "" if problem else typed
    context = house().context
    with context.reading() as session:
        lines = live_plan(session, context.settings).plan.lines
        units = public_units(session, words)
        leaders = [] if words else to_come(session, context.settings, context.now())
    merged = [line for line in lines if line.number != context.settings.hotline_number]
    parts = words.lower().split()
    found = [
        line
        for line in merged
        if all(part in f"{line.number} {line.name_zh} {line.name_en}".lower() for part in parts)
    ]
    shown = render_template(
        "citizens/services.html",
        units=units,
        lines=found,
        words=words,
        typed=typed,
        problem=problem,
        leaders=leaders,
        day_words=day_words,
    )
    return answered(shown, problem)
