"""What people write about inspections."""

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from agent_console.choices import options, options_of
from agent_console.inspections.words import MANNERS
from agent_console.language import is_english
from agent_console.words import _l
from hotline.inspections.rules import Manner
from hotline.inspections.service import LONGEST, LONGEST_NAME, InspectionForm
from hotline.people.models import Department

_WORDS = [InputRequired(_l("请写明内容")), Length(max=LONGEST)]
_NAMES = [InputRequired(_l("请写明内容")), Length(max=LONGEST_NAME)]


class RecordForm(FlaskForm):
    """One visit. Findings are one a line."""

    manner = RadioField(_l("方式"), [InputRequired(_l("请选择"))], choices=options_of(MANNERS))
    department_id = SelectField(_l("被查单位"), coerce=int)
    inspected_on = DateField(_l("检查日期"), [InputRequired(_l("请选择日期"))])
    place = StringField(_l("检查地点"), _NAMES)
    inspectors = StringField(_l("检查人员（联合检查写明各单位）"), _NAMES)
    ticket_number = StringField(_l("相关工单编号（没有不填）"), [Length(max=20)])
    account = TextAreaField(_l("检查经过"), _WORDS)
    findings = TextAreaField(_l("发现的问题（一行一个，没有不填）"), [Length(max=20 * LONGEST)])

    def offer(self, departments: list[Department]) -> None:
        """The departments to choose from."""
        named = [(unit.id, unit.name_en if is_english() else unit.name_zh) for unit in departments]
        self.department_id.choices = options(*named)

    def written(self) -> InspectionForm:
        """What the core is told."""
        lines = [line.strip() for line in (self.findings.data or "").splitlines()]
        return InspectionForm(
            manner=Manner(self.manner.data),
            department_id=self.department_id.data,
            inspected_on=self.inspected_on.data,
            place=self.place.data,
            inspectors=self.inspectors.data,
            account=self.account.data,
            findings=[line for line in lines if line],
            ticket_number=self.ticket_number.data or "",
        )


class TellForm(FlaskForm):
    """By when it has to be corrected."""

    due_on = DateField(_l("整改期限"), [InputRequired(_l("请选择日期"))])


class CorrectForm(FlaskForm):
    """What was done about a finding."""

    correction = TextAreaField(_l("整改情况"), _WORDS)


class ConcludeForm(FlaskForm):
    """How it ended."""

    conclusion = TextAreaField(_l("检查结论"), _WORDS)
