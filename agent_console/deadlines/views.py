"""When would it be due: every profile, with the days that were counted and those that were not."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask_login import current_user

from agent_console.access import open_to
from agent_console.deadlines import words
from agent_console.deadlines.forms import CalculatorForm, calculator_form
from agent_console.deadlines.holidays import unknown_year_now
from agent_console.house import house
from agent_console.navigation import CALCULATOR_ROLES
from agent_console.times import local
from hotline.deadlines.calculator import Calculation, calculate, laid_over
from hotline.deadlines.profiles import Profile
from hotline.deadlines.queries import in_force, reckoner, to_choose
from hotline.deadlines.service import READERS
from hotline.tickets.tracks import TRACKS

Profiles = Mapping[str, Profile]

blueprint = Blueprint("deadlines", __name__, url_prefix="/deadlines")


@blueprint.get("/")
@open_to(*CALCULATOR_ROLES)
def calculator() -> str | tuple[str, int]:
    """Registered Friday 16:50, urgent: signed by, contacted by, due."""
    context = house().context
    now = local(context.now()).replace(tzinfo=None, second=0, microsecond=0)
    with context.reading() as session:
        holds, profiles = in_force(session, context).name, to_choose(session, context.now())
    form = calculator_form(request.args, now, holds, profiles)
    well = not request.args or form.validate()
    page = render_template(
        "deadlines/calculator.html",
        form=form,
        found=_chosen(form, profiles) if well else None,
        beside=_beside(form, profiles) if well else [],
        over=_over(form) if well else "",
        tracks=TRACKS,
        words=words,
        in_force=holds,
        unknown_year=unknown_year_now(),
        reads_limits=current_user.has(*READERS),
    )
    return page if well else (page, 422)


def _chosen(form: CalculatorForm, profiles: Profiles) -> Calculation:
    """By the profile of choice, and that which the settings lay over it for the track."""
    counting, matter = reckoner(house().context), form.matter()
    found = calculate(counting, profiles[form.profile.data], matter)
    over = _over(form)
    return laid_over(found, calculate(counting, profiles[over], matter)) if over else found


def _over(form: CalculatorForm) -> str:
    track = form.matter().track
    return house().context.settings.track_profiles.get(track, "") if track else ""


def _beside(form: CalculatorForm, profiles: Profiles) -> list[Calculation]:
    counting = reckoner(house().context)
    return [calculate(counting, profile, form.matter()) for profile in profiles.values()]
