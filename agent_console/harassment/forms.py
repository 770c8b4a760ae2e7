"""What an agent says of a harassing caller, and what a supervisor answers."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from agent_console.labels import BAR_REASONS
from agent_console.times import when
from agent_console.words import _l
from hotline.calls.models import Call
from hotline.harassment.service import LONGEST_DAYS, LONGEST_DETAILS, LONGEST_NOTE


class ProposalForm(FlaskForm):
    """A number, what the caller does, in which calls, and for how long."""

    number = StringField(_l("来电号码"), [InputRequired(_l("请填写")), Length(max=30)])
    reason = RadioField(_l("情形"), [InputRequired(_l("请选择"))])
    details = TextAreaField(_l("具体情况"), [InputRequired(_l("请填写")), Length(max=LONGEST_DETAILS)])
    calls = SelectMultipleField(
        _l("哪几次来电"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    days = IntegerField(
        _l("天数"), [InputRequired(_l("请填写")), NumberRange(1, LONGEST_DAYS, _l("1 到 90 天"))], default=7
    )

    @classmethod
    def of(cls, calls: Sequence[Call], number: str = "") -> "ProposalForm":
        """The form with these calls to choose from."""
        form = cls()
        if number:
            form.number.data = number
        form.reason.choices = [(reason, str(label)) for reason, label in BAR_REASONS.items()]
        form.calls.choices = [(call.id, when(call.started_at)) for call in calls]
        return form


class NoteForm(FlaskForm):
    """Why a proposal is refused, or a bar revoked."""

    note = StringField(_l("理由"), [InputRequired(_l("请填写")), Length(max=LONGEST_NOTE)])
