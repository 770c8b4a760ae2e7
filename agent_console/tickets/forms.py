"""Forms of the ticket's page itself."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from agent_console.words import _l
from hotline.viewing.service import LONGEST_REASON


class UnmaskForm(FlaskForm):
    """Why somebody must know who the citizen is."""

    unmask_reason = StringField(
        _l("为什么要看"),
        [DataRequired(_l("请写明理由。")), Length(max=LONGEST_REASON, message=_l("理由太长。"))],
    )
