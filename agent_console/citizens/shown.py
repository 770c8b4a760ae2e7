"""The page of the matter that is open, with what may be done, and a refused form as it was filled in."""

from collections.abc import Mapping

from flask import redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from agent_console import stage_words
from agent_console.citizens import words
from agent_console.citizens.files import enclosure_limits
from agent_console.citizens.forms import ObjectForm, RatingForm, ReopenForm, SupplementForm, WithdrawForm
from agent_console.citizens.opened import close_matter, opened_number
from agent_console.house import house
from hotline.citizens.deeds import Deed, allowed
from hotline.citizens.progress import progress_of
from hotline.incidents.queries import of_master
from hotline.tickets.queries import by_number

Page = str | Response | tuple[str, int] | tuple[str, int, Mapping[str, str]]

FORMS: Mapping[Deed, type[FlaskForm]] = {
    Deed.SUPPLEMENT: SupplementForm,
    Deed.RATE: RatingForm,
    Deed.WITHDRAW: WithdrawForm,
    Deed.ASK_TO_WITHDRAW: WithdrawForm,
    Deed.REOPEN: ReopenForm,
    Deed.OBJECT: ObjectForm,
}


def shown_matter(refused: FlaskForm | None = None, problem: str = "") -> str | Response:
    """The page; back to the two fields where nothing is open any more."""
    number = opened_number()
    context = house().context
    with context.reading() as session:
        ticket = by_number(session, number) if number else None
        if ticket is None:
            close_matter()
            return redirect(url_for("citizens.ask"))
        return render_template(
            "citizens/matter.html",
            progress=progress_of(session, ticket),
            incident=of_master(session, ticket),
            may=allowed(session, context, ticket),
            forms={deed: _shown(form, refused) for deed, form in FORMS.items()},
            problem=problem,
            words=words,
            stage_words=stage_words,
            limits=enclosure_limits(),
        )


def _shown(form: type[FlaskForm], refused: FlaskForm | None) -> FlaskForm:
    return refused if isinstance(refused, form) else form(formdata=None)
