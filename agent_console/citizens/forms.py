"""What citizens fill in."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from agent_console.words import _l


class AskForm(FlaskForm):
    """Both stand on the receipt; blanks, hyphens and small letters do not matter."""

    number = StringField(_l("工单编号"), [InputRequired(_l("请填写工单编号")), Length(max=80)])
    code = StringField(_l("查询码"), [InputRequired(_l("请填写查询码")), Length(max=80)])
