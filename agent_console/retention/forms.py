"""Why something is held, or no longer."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from agent_console.words import _l
from hotline.retention.holds import LONGEST_REASON


class HoldForm(FlaskForm):
    """A reason, for both."""

    reason = StringField(_l("理由"), [InputRequired(_l("请写明理由")), Length(max=LONGEST_REASON)])
