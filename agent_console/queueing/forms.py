"""What a supervisor sets for a line."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from agent_console.words import _l

LONGEST_SECONDS = 3600


class SkillForm(FlaskForm):
    """A line of its own."""

    code = StringField(
        _l("代码"),
        [InputRequired(_l("请填写代码")), Regexp(r"^[a-z0-9]{1,20}$", message=_l("用小写字母和数字"))],
    )
    name_zh = StringField(_l("中文名称"), [InputRequired(_l("请填写名称")), Length(max=40)])
    name_en = StringField(_l("英文名称"), [InputRequired(_l("请填写名称")), Length(max=60)])
    overflow_seconds = IntegerField(
        _l("等多少秒后所有坐席都可接（空：只由有此技能的接）"),
        [Optional(), NumberRange(1, LONGEST_SECONDS, _l("1 到 3600 秒"))],
    )
    head_start_seconds = IntegerField(
        _l("排队时视作早到多少秒"), [Optional(), NumberRange(0, LONGEST_SECONDS, _l("0 到 3600 秒"))]
    )
