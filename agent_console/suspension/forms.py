"""What a department writes when it asks for a suspension, and the hotline's decision."""

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from agent_console.choices import options
from agent_console.words import _l
from hotline.suspension import service

LONGEST_TEXT = 2000


class SuspensionForm(FlaskForm):
    """Why it cannot be solved now, what is planned, and when it is looked at again."""

    reason = TextAreaField(
        _l("目前不能解决的原因"), [InputRequired(_l("请写明理由")), Length(max=LONGEST_TEXT)]
    )
    plan = TextAreaField(_l("计划"), [InputRequired(_l("请写明计划")), Length(max=LONGEST_TEXT)])
    review_on = DateField(_l("复查日期"), [InputRequired(_l("请选择复查日期"))])

    def written(self) -> service.SuspensionForm:
        """What the core is told."""
        return service.SuspensionForm(self.reason.data or "", self.plan.data or "", self.review_on.data)


class DecideForm(FlaskForm):
    """The supervisor's decision."""

    verdict = RadioField(
        _l("审批"),
        [InputRequired(_l("请选择"))],
        choices=options(("approve", _l("批准挂起，记录在案")), ("refuse", _l("不批准，继续办理"))),
    )
    reason = StringField(_l("理由（不批准必填）"), [Length(max=500)])


class ResumeForm(FlaskForm):
    """The department takes it up again."""

    reason = StringField(_l("说明"), [Length(max=500)])
