"""What citizens do from the page of their matter."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask_wtf import FlaskForm

from agent_console.access import open_to_all
from agent_console.citizens import words
from agent_console.citizens.forms import (
    ButtonForm,
    ObjectForm,
    RatingForm,
    ReopenForm,
    SupplementForm,
    WithdrawForm,
)
from agent_console.citizens.opened import opened_number
from agent_console.citizens.shown import Page, shown_matter
from agent_console.citizens.views import blueprint
from agent_console.file_words import refused_to_citizen
from agent_console.house import house
from agent_console.words import _
from hotline.appeals.models import AppealKind
from hotline.citizens import deeds
from hotline.citizens.deeds import Deed, NotNow
from hotline.evidence.faults import FileRefused


@blueprint.post("/remind")
@open_to_all
def remind() -> Page:
    """催单."""
    return _done(Deed.REMIND, ButtonForm(), lambda number: deeds.remind(house().context, number))


@blueprint.post("/supplement")
@open_to_all
def supplement() -> Page:
    """Something to add, or what was asked for."""
    form = SupplementForm()

    def deed(number: str) -> None:
        if form.files.inspect():
            deeds.supplement(house().context, number, form.supplement.data or "", form.files.inspected)

    return _done(Deed.SUPPLEMENT, form, deed)


@blueprint.post("/rate")
@open_to_all
def rate() -> Page:
    """Instead of the follow-up call."""
    form = RatingForm()

    def deed(number: str) -> None:
        solved, grade = form.solved.data == "yes", int(form.satisfaction.data)
        deeds.rate(house().context, number, solved, grade, form.words.data or "")

    return _done(Deed.RATE, form, deed)


@blueprint.post("/withdraw")
@open_to_all
def withdraw() -> Page:
    """Not to be handled any more."""
    form = WithdrawForm()
    return _done(
        Deed.WITHDRAW, form, lambda number: deeds.withdraw(house().context, number, form.why.data or "")
    )


@blueprint.post("/ask-to-withdraw")
@open_to_all
def ask_to_withdraw() -> Page:
    """A department has it: for the hotline to decide."""
    form = WithdrawForm()
    return _done(
        Deed.ASK_TO_WITHDRAW,
        form,
        lambda number: deeds.ask_to_withdraw(house().context, number, form.why.data or ""),
    )


@blueprint.post("/reopen")
@open_to_all
def reopen() -> Page:
    """It is closed, and not done with."""
    form = ReopenForm()

    def deed(number: str) -> None:
        kind = AppealKind(form.kind.data)
        deeds.ask_to_reopen(house().context, number, kind, form.again.data or "")

    return _done(Deed.REOPEN, form, deed)


@blueprint.post("/object")
@open_to_all
def object_to_refusal() -> Page:
    """It was not accepted, wrongly."""
    form = ObjectForm()
    return _done(
        Deed.OBJECT,
        form,
        lambda number: deeds.object_to_refusal(house().context, number, form.objection.data or ""),
    )


@blueprint.post("/take-up-again")
@open_to_all
def take_up_again() -> Page:
    """To be handled after all."""
    return _done(
        Deed.TAKE_UP_AGAIN, ButtonForm(), lambda number: deeds.take_up_again(house().context, number)
    )


def _done(deed: Deed, form: FlaskForm, do: Callable[[str], None]) -> Page:
    """Do it with the ticket that is open; a refusal is told on the page, which keeps what was typed."""
    number = opened_number()
    if number is None:
        return redirect(url_for("citizens.ask"))
    if not form.validate():
        return _again(form, _("有的内容填写不对，请看标红的地方。"), 422)
    try:
        do(number)
    except NotNow:
        return _again(form, str(words.NOT_NOW[deed]), 409)
    except FileRefused as refusal:
        form[refusal.field].errors = [refused_to_citizen(refusal)]
    if form.errors:
        return _again(form, _("有的内容填写不对，请看标红的地方。"), 422)
    flash(str(words.DONE[deed]))
    return redirect(url_for("citizens.matter"))


def _again(form: FlaskForm, problem: str, status: int) -> Page:
    page = shown_matter(form, problem)
    return (page, status) if isinstance(page, str) else page
