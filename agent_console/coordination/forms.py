"""What is written about coordination and to leaders."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from agent_console.choices import options
from agent_console.language import is_english
from agent_console.words import _, _l
from hotline.coordination.service import LONGEST, LONGEST_NAME, MeetingForm
from hotline.people.models import Department, User

_WORDS = [InputRequired(_l("请写明内容")), Length(max=LONGEST)]


class NameForm(FlaskForm):
    """Who brings the departments together."""

    coordinator = SelectField(_l("协调人"), [InputRequired(_l("请选择"))], choices=[])
    name_why = TextAreaField(_l("为什么要协调"), _WORDS)

    def offer(self, people: Sequence[User]) -> None:
        """Everybody who can be named, each with their department."""
        named = [(str(one.id), f"{one.display_name} · {_unit(one.department)}") for one in people]
        self.coordinator.choices = options(("", _("请选择")), *named)


class MeetForm(FlaskForm):
    """What a meeting decided."""

    held_on = DateField(_l("会议日期"), [InputRequired(_l("请填写日期"))])
    chair = StringField(_l("主持人"), [InputRequired(_l("请写明谁主持")), Length(max=LONGEST_NAME)])
    departments = SelectMultipleField(
        _l("参加单位"),
        [InputRequired(_l("请选择"))],
        choices=[],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    decisions = TextAreaField(_l("议定事项：谁做什么，什么时候完成"), _WORDS)

    def offer(self, units: Sequence[Department]) -> None:
        """Every department that is open."""
        self.departments.choices = [(unit.id, _unit(unit)) for unit in units]

    def meeting(self) -> MeetingForm:
        """What the core is told."""
        return MeetingForm(
            self.held_on.data, self.chair.data or "", self.departments.data or (), self.decisions.data or ""
        )


class BriefForm(FlaskForm):
    """What leaders are told."""

    brief = TextAreaField(_l("专报：什么事，为什么重大或敏感，建议怎么办"), _WORDS)


class ReadForm(FlaskForm):
    """A button."""


def _unit(unit: Department) -> str:
    return unit.name_en if is_english() else unit.name_zh
