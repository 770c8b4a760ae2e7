"""What a callback agent records."""

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from agent_console import labels
from agent_console.choices import options
from agent_console.words import _l
from hotline.follow_up.rules import Finding

UNRATED = "0"


class CallForm(FlaskForm):
    """A button."""


class AnswersForm(FlaskForm):
    """What the citizen said to a person. No rating is not the same as satisfied."""

    solved = RadioField(
        _l("问题解决了吗"),
        [InputRequired(_l("请选择"))],
        choices=options(("yes", _l("已解决")), ("no", _l("没有解决"))),
    )
    satisfaction = RadioField(
        _l("满意吗"),
        [InputRequired(_l("请选择"))],
        choices=options(*labels.SATISFACTIONS.items(), (UNRATED, _l("没有评价"))),
    )
    note = StringField(_l("市民的话"), [Length(max=500)])


class FindingForm(FlaskForm):
    """Why the citizen says no."""

    finding = RadioField(
        _l("没有解决的原因"),
        [InputRequired(_l("请选择"))],
        choices=options(
            (Finding.SUBJECTIVE, _l("办理不到位（拖延、办了一半、没联系、推诿）：转重办")),
            (Finding.OBJECTIVE, _l("客观原因并已说明（无依据、不属实、超职责、第三方）：办结")),
        ),
    )
    reason = StringField(_l("说明"), [InputRequired(_l("请写明理由")), Length(max=500)])


class RedispatchForm(FlaskForm):
    """Back to the department, with half of the original limit."""

    reason = StringField(_l("重办要求"), [InputRequired(_l("请写明要求")), Length(max=500)])
