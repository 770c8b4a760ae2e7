"""What is written down about a callback."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from agent_console.words import _l
from hotline.callbacks.rules import REASON_AT_MOST


class DoneForm(FlaskForm):
    """It need not be called any more."""

    reason = StringField(_l("原因"), [DataRequired(_l("请写明原因")), Length(max=REASON_AT_MOST)])
