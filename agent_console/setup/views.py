"""First steps: the city's own things at once, the machine's when they have been looked at."""

from flask import Blueprint, render_template

from agent_console import times
from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.navigation import entries
from agent_console.setup.words import MACHINE, MENDING, PLACES, STEPS, WHERE, process_name
from hotline.first_steps import Standing, facts, judge
from hotline.people.actors import Role

blueprint = Blueprint("setup", __name__, url_prefix="/setup")


@blueprint.get("/")
@open_to(Role.ADMINISTRATOR)
def steps() -> str:
    """Every step with its state; those that are done folded."""
    with acting_context().reading() as session:
        seen = facts(session, house().context, times.midnight().date())
        judged = judge(seen)
        mine = {place.endpoint: place for place in entries()}
        return render_template(
            "setup/steps.html",
            seen=seen,
            open_steps=[one for one in judged if one.standing is not Standing.DONE],
            done_steps=[one for one in judged if one.standing is Standing.DONE],
            names=STEPS,
            places={step: mine[place] for step, place in PLACES.items() if place in mine},
            where=WHERE,
        )


@blueprint.get("/machine")
@open_to(Role.ADMINISTRATOR)
def machine() -> str:
    """What `hotline check` says of this machine; takes some seconds."""
    found = house().checks()
    return render_template(
        "setup/machine.html",
        found=found,
        open_findings=[one for one in found if one.mend or not one.ok],
        done_findings=[one for one in found if one.ok and not one.mend],
        names=MACHINE,
        mending=MENDING,
        process_name=process_name,
    )
