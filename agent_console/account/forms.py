"""What people change about their own account."""

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from agent_console.words import _l
from hotline.people.rules import MINIMUM_PASSWORD_LENGTH

_TOO_LONG = Length(max=200, message=_l("太长了"))


class PasswordForm(FlaskForm):
    """The present password and the next one, twice."""

    old = PasswordField(_l("现在的密码"), [InputRequired(_l("请输入密码")), _TOO_LONG])
    new = PasswordField(
        _l("新密码"),
        [
            InputRequired(_l("请输入密码")),
            _TOO_LONG,
            Length(MINIMUM_PASSWORD_LENGTH, message=_l("至少 8 个字符")),
        ],
    )
    again = PasswordField(_l("再输一次"), [EqualTo("new", _l("两次输入的不一样"))])
