"""What people fill in about themselves."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from agent_console.words import _l


class SignInForm(FlaskForm):
    """User name and password."""

    username = StringField(_l("用户名"), [InputRequired(_l("请输入用户名")), Length(max=60)])
    password = PasswordField(_l("密码"), [InputRequired(_l("请输入密码")), Length(max=200)])


class CodeForm(FlaskForm):
    """A code of the second factor."""

    code = StringField(_l("验证码"), [InputRequired(_l("请输入验证码")), Length(max=40)])
