"""What may be written for all tickets of a step."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length, Regexp

from agent_console.words import _l

LONGEST = 500


class WordsForm(FlaskForm):
    """One text, for those steps that take one."""

    words = TextAreaField(
        _l("统一要求（每件都写这句，可以不写）"),
        [
            Length(max=LONGEST, message=_l("最多 500 个字")),
            Regexp(r"^[^\x00]*$", message=_l("含有不能保存的字符")),
        ],
    )
