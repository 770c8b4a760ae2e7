"""What is written about a sealed lead."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from agent_console.words import _l
from hotline.screening.rules import LONGEST_RECEIPT


class ReferForm(FlaskForm):
    """A button: no reason is kept, it would be content."""


class ReceiptForm(FlaskForm):
    """Discipline inspection has taken the lead."""

    receipt = StringField(_l("回执号"), [InputRequired(_l("请填写回执号")), Length(max=LONGEST_RECEIPT)])


class SendBackForm(FlaskForm):
    """Not a matter of discipline."""

    why = StringField(_l("退回的理由"), [InputRequired(_l("请写明理由")), Length(max=500)])
