"""What a list may be narrowed to, and the name under which that is saved."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import SearchField, SelectChoice, SelectField, StringField
from wtforms.validators import Length

from agent_console.channel_names import name_of
from agent_console.choices import category_choices, options, options_of
from agent_console.filters.words import DUES
from agent_console.labels import AIMS, URGENCIES
from agent_console.language import is_english
from agent_console.record_words import cause_choices
from agent_console.supervision_words import LEVELS
from agent_console.words import _l
from hotline.contacts.channels import channels
from hotline.dispatch.queries import categories
from hotline.gazetteer.queries import districts
from hotline.lists.rules import Due, Narrowing
from hotline.people.queries import departments
from hotline.supervision.rules import Level
from hotline.text_index import LONGEST_QUERY
from hotline.tickets.aims import Aim
from hotline.tickets.states import Urgency

NAMES = ("q", "level", "due", "urgency", "aim", "category", "district", "channel", "department", "cause")
"""What of an address is a filter, whatever list it is of."""
_ALL = ("", _l("全部"))
_OF_ONE_DEPARTMENT = ("screening.queue", "dispatch.queue", "replies.unit_queue", "supervision.unit")
_WITH_LEVELS = ("supervision.listed", "supervision.unit")
_WITH_CAUSES = (
    "replies.unit_queue",
    "review.queue",
    "supervision.listed",
    "supervision.unit",
    "supervision.instructions_listed",
    "supervision.late",
    "follow_up.rework_queue",
)
"""Lists of tickets that may have been answered."""
_LEVELS = [(level, words) for level, words in LEVELS.items() if level is not Level.L0]
"""A reminder is answered by nobody, and in no list."""


class FilterForm(FlaskForm):
    """A form of addresses alone: it is sent with GET and changes nothing."""

    class Meta:
        csrf = False

    q = SearchField(_l("编号或文字"), [Length(max=LONGEST_QUERY, message=_l("最多 100 个字"))], id="filter-q")
    level = SelectField(_l("督办级别"), default="", choices=options(_ALL, *_LEVELS), id="filter-level")
    department = SelectField(_l("承办单位"), default="", id="filter-department")
    category = SelectField(_l("诉求分类"), default="", id="filter-category")
    due = SelectField(_l("期限"), default="", choices=options(_ALL, *DUES.items()), id="filter-due")
    channel = SelectField(_l("来源渠道"), default="", id="filter-channel")
    urgency = SelectField(
        _l("紧急程度"), default="", choices=options(_ALL, *URGENCIES.items()), id="filter-urgency"
    )
    aim = SelectField(_l("诉求性质"), default="", choices=options(_ALL, *AIMS.items()), id="filter-aim")
    cause = SelectField(_l("问题原因"), default="", id="filter-cause")
    district = SelectField(_l("区（县）"), default="", id="filter-district")

    def narrowing(self) -> Narrowing:
        """What is asked, as the core asks it. A field with an error asks for nothing."""
        self.validate()
        asked = {name: "" if self[name].errors else (self[name].data or "").strip() for name in NAMES}
        return Narrowing(
            words=asked["q"],
            department_id=int(asked["department"]) if asked["department"] else None,
            category=asked["category"],
            due=Due(asked["due"]) if asked["due"] else None,
            channel=asked["channel"],
            urgency=Urgency(asked["urgency"]) if asked["urgency"] else None,
            district=asked["district"],
            level=asked["level"],
            cause=asked["cause"],
            aim=Aim(asked["aim"]) if asked["aim"] else None,
        )

    def in_words(self) -> list[tuple[str, str]]:
        """The label and the words of every condition."""
        chosen = {name: str(self[name].data or "") for name in NAMES}
        return [
            (str(self[name].label.text), _words(getattr(self[name], "choices", ()), value))
            for name, value in chosen.items()
            if value
        ]


def _words(choices: Iterable[SelectChoice], value: str) -> str:
    """The words of what was chosen; what was typed as it is."""
    return next((str(one.label) for one in choices if str(one.value) == value), value)


class Offer:
    """What can be chosen now, read once for a page."""

    def __init__(self, session: Session) -> None:
        everything, english = options(_ALL), is_english()
        units = [(str(one.id), one.name_en if english else one.name_zh) for one in departments(session)]
        self._choices = {
            "department": everything + options_of(units),
            "category": everything + category_choices(list(categories(session)), english)[1:],
            "channel": everything + options_of([(one.code, name_of(one)) for one in channels().values()]),
            "cause": everything + cause_choices(),
            "district": everything + options_of([(name, name) for name in districts(session)]),
        }

    def form(self, asked: Mapping[str, str]) -> FilterForm:
        """The form with these conditions."""
        form = FilterForm(formdata=MultiDict(asked))
        for name, choices in self._choices.items():
            form[name].choices = choices
        return form


class NameForm(FlaskForm):
    """What the filter is called; the core says what is wrong with it."""

    name = StringField(_l("名称"))


def names_of(place: str) -> list[str]:
    """The fields of this list's form: what says nothing there is left out."""
    left_out = {
        "department": place in _OF_ONE_DEPARTMENT,
        "level": place not in _WITH_LEVELS,
        "cause": place not in _WITH_CAUSES,
    }
    return [name for name in NAMES if not left_out.get(name)]


def conditions(arguments: Mapping[str, str]) -> dict[str, Any]:
    """The part of an address, or of a form, that is a filter."""
    return {name: arguments[name] for name in NAMES if arguments.get(name)}
