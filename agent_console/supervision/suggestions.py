"""What became of citizens' suggestions, department by department."""

from datetime import date, datetime, time, timedelta

from flask import render_template, request

from agent_console import times
from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.supervision.forms import PeriodForm
from agent_console.supervision.views import blueprint
from hotline.people.actors import Role
from hotline.replies.adoption import adopted
from hotline.tickets.privacy import OFFICE_ROLES


@blueprint.get("/supervision/suggestions")
@open_to(Role.REVIEWER, Role.SUPERVISOR, Role.DIRECTOR, Role.AUDITOR, *OFFICE_ROLES)
def suggestions() -> str:
    """Of this year, or of the days that are named."""
    form = PeriodForm(request.args)
    today = times.local(house().context.now()).date()
    form.validate()
    since, until = form.since.data or today.replace(month=1, day=1), form.until.data or today
    with acting_context().reading() as session:
        found = adopted(session, _midnight(since), _midnight(until + timedelta(days=1)))
        return render_template(
            "supervision/suggestions.html", found=found, form=form, since=since, until=until
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), house().context.settings.zone)
