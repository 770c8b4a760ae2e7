"""A day of another look, and what was found."""

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from agent_console.choices import options
from agent_console.words import _l
from hotline.rechecks.rules import LONGEST_TEXT


class RecheckForm(FlaskForm):
    """When the department looks again, and at what."""

    day = DateField(_l("复查日"), [InputRequired(_l("请选择复查日"))])
    what = StringField(_l("到时候复查什么"), [InputRequired(_l("请写明到时候复查什么")), Length(max=500)])


class LookedForm(FlaskForm):
    """What was found."""

    mended = RadioField(
        _l("整改到位了吗"),
        [InputRequired(_l("请选择"))],
        choices=options(("yes", _l("已整改到位")), ("no", _l("没有整改到位，再定复查日"))),
    )
    found = TextAreaField(
        _l("复查情况"), [InputRequired(_l("请写明复查看到的情况")), Length(max=LONGEST_TEXT)]
    )
    next_day = DateField(_l("下次复查日（没有整改到位必填）"), [Optional()])
