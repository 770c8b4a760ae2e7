"""What a dispatcher chooses, and what a department signs."""

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from agent_console.words import _l


class DispatchForm(FlaskForm):
    """One lead, any assists."""

    lead_id = SelectField(_l("主办单位"), [InputRequired(_l("请选择主办单位"))], coerce=int)
    assist_ids = SelectMultipleField(
        _l("协办单位"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    reason = StringField(_l("派单意见"), [Length(max=500)])


class SignForm(FlaskForm):
    """A button."""
