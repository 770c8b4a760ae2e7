"""What a department asks, and what the citizen says to it."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from agent_console.words import _l

LONGEST_TEXT = 2000


class QuestionForm(FlaskForm):
    """One question, which stops the clock once."""

    unit_question = TextAreaField(
        _l("请市民补充什么"), [InputRequired(_l("请写明问题")), Length(max=LONGEST_TEXT)]
    )


class UnitAnswerForm(FlaskForm):
    """What the citizen said."""

    unit_answer = TextAreaField(
        _l("市民补充的内容"), [InputRequired(_l("请写下市民补充的内容")), Length(max=LONGEST_TEXT)]
    )
