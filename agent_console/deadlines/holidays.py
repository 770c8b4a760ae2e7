"""Whether holidays are missing from the working-day calendar, and who is told."""

from flask import request
from flask_login import current_user

from agent_console.house import house
from agent_console.navigation import entries
from agent_console.times import local
from hotline.deadlines.calendar import ChineseCalendar, unknown_year
from hotline.people.actors import Role

TOLD = (Role.SUPERVISOR, Role.DIRECTOR, Role.ADMINISTRATOR)


def unknown_year_now() -> int | None:
    """The year whose holidays are wanted now and not known; None if all is well."""
    return unknown_year(ChineseCalendar(), local(house().context.now()).date())


def unknown_year_to_tell() -> int | None:
    """The same on the start page of those who can see to it; None on every other page."""
    if not current_user.is_authenticated or not current_user.has(*TOLD):
        return None
    places = entries()
    at_start = bool(places) and request.endpoint == places[0].endpoint
    return unknown_year_now() if at_start else None
