"""The service directory for everybody: what departments do, their public telephones, the merged lines."""

from flask import Blueprint, render_template, request

from agent_console.access import open_to_all
from agent_console.citizens.policies import LONGEST_WORDS
from agent_console.house import house
from hotline.call_plan.queries import live_plan
from hotline.directory.listings import public_units

blueprint = Blueprint("services", __name__, url_prefix="/services")


@blueprint.get("/")
@open_to_all
def listed() -> str:
    """`?words=`: departments and merged lines that hold the words."""
    words = request.args.get("words", "").strip()[:LONGEST_WORDS]
    context = house().context
    with context.reading() as session:
        lines = live_plan(session, context.settings).plan.lines
        units = public_units(session, words)
    merged = [line for line in lines if line.number != context.settings.hotline_number]
    parts = words.lower().split()
    found = [
        line
        for line in merged
        if all(part in f"{line.number} {line.name_zh} {line.name_en}".lower() for part in parts)
    ]
    return render_template("citizens/services.html", units=units, lines=found, words=words)
