"""What people write about supervision."""

from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from agent_console.choices import options, options_of
from agent_console.supervision_words import LEVELS, SUPERVISION_KINDS
from agent_console.words import _l
from hotline.supervision.instructions import LONGEST_NAME, InstructionForm
from hotline.supervision.rules import ISSUERS, ORDERED
from hotline.supervision.service import LONGEST

_WORDS = [InputRequired(_l("请写明内容")), Length(max=LONGEST)]


class ProposeForm(FlaskForm):
    """Why a notice is needed."""

    reason = TextAreaField(_l("督办理由"), _WORDS)


class UrgeForm(FlaskForm):
    """What the department is urged to do; it knows that it is late without."""

    words = TextAreaField(_l("催办要求（可以不写）"), [Length(max=LONGEST)])


class DecideForm(FlaskForm):
    """The director's decision on a proposal."""

    verdict = RadioField(
        _l("督办审批"),
        [InputRequired(_l("请选择"))],
        choices=options(("issue", _l("签发督办通知单")), ("drop", _l("不督办"))),
    )
    reason = TextAreaField(_l("理由（不督办必填）"), [Length(max=LONGEST)])


class OrderForm(FlaskForm):
    """A step that only a person decides on: of those that whoever looks may issue."""

    level = SelectField(_l("督办级别"))
    kind = SelectField(_l("督办类型"), choices=options_of(SUPERVISION_KINDS))
    reason = TextAreaField(_l("督办要求"), _WORDS)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        own = [level for level in ORDERED if current_user.has(*ISSUERS[level])]
        self.level.choices = options(*((level, LEVELS[level]) for level in own))


class AnswerForm(FlaskForm):
    """What the department's leader answers."""

    answer = TextAreaField(_l("督办答复"), _WORDS)


class ConcludeForm(FlaskForm):
    """Whether the answer is enough."""

    verdict = RadioField(
        _l("督办结论"),
        [InputRequired(_l("请选择"))],
        choices=options(("accept", _l("结束督办")), ("return", _l("答复不够，退回重新答复"))),
    )
    reason = TextAreaField(_l("结论说明（移送填回执号）"), _WORDS)


class InstructForm(FlaskForm):
    """What a leader has written on the paper, or writes here."""

    leader = StringField(_l("批示领导"), [InputRequired(_l("请写明批示领导")), Length(max=LONGEST_NAME)])
    text = TextAreaField(_l("批示内容"), _WORDS)
    instructed_on = DateField(_l("批示日期"), [InputRequired(_l("请选择批示日期"))])
    due_on = DateField(_l("办理期限（不填按急件三天）"), [Optional()])

    def written(self) -> InstructionForm:
        """What the core is told."""
        return InstructionForm(self.leader.data, self.text.data, self.instructed_on.data, self.due_on.data)


class ReportForm(FlaskForm):
    """What the leader is told."""

    feedback = TextAreaField(_l("向领导反馈的内容"), _WORDS)


class PeriodForm(FlaskForm):
    """Days on which replies were accepted; sent with GET, it changes nothing."""

    class Meta:
        csrf = False

    since = DateField(_l("从"), [Optional()])
    until = DateField(_l("到"), [Optional()])
