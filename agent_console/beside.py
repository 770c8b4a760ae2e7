"""A form of which the core may refuse a field: the page again, all that was typed, and why beside it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from agent_console.words import LazyString, _l
from hotline.refused import FieldRefused

Answer = Response | str | tuple[str, int]
Act = Callable[[], str]
Page = Callable[[str], str]

WRONG = _l("有的内容填写不对，请看标红的地方。")


def answered(
    form: FlaskForm,
    act: Act,
    page: Page,
    refused: type[FieldRefused],
    words: Mapping[Any, LazyString],
    told: str,
) -> Answer:
    """Do what a form asks for. `act` returns where to go on, with `told`; `page` is the page again, with a
    problem: 422 where it stands beside a field, 409 where it is the matter as a whole."""
    if not form.validate():
        return page(str(WRONG)), 422
    try:
        onward = act()
    except refused as refusal:
        why = str(words[refusal.obstacle])
        if refusal.field not in form:
            return page(why), 409
        form[refusal.field].errors = [why]
        return page(str(WRONG)), 422
    flash(told)
    return redirect(onward)
