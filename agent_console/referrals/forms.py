"""What is written about a referral."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from agent_console.choices import options
from agent_console.labels import SCREENING_CLASSES
from agent_console.language import is_english
from agent_console.words import _, _l
from hotline.people.models import Department
from hotline.screening.rules import LONGEST_RECEIPT
from hotline.tickets.states import ScreeningClass


class ReferForm(FlaskForm):
    """Class and office in one choice, so that they always fit, and why."""

    refer_to = SelectField(_l("分类和单位"), [InputRequired(_l("请选择"))], choices=[])
    refer_why = TextAreaField(_l("转交理由"), [InputRequired(_l("请写明理由")), Length(max=500)])

    @classmethod
    def of(cls, bodies: Sequence[tuple[ScreeningClass, Department]], fresh: bool = False) -> "ReferForm":
        """The form with the offices that take something; `fresh` shows nothing of what was sent."""
        form = cls(formdata=None) if fresh else cls()
        offices = ((f"{of}:{office.id}", _words(of, office)) for of, office in bodies)
        form.refer_to.choices = options(("", _("请选择")), *offices)
        return form

    def chosen(self) -> tuple[ScreeningClass, int]:
        """What the core is told."""
        of, _colon, office_id = self.refer_to.data.partition(":")
        return ScreeningClass(of), int(office_id)


class TakeForm(FlaskForm):
    """The other body has it."""

    receipt = StringField(_l("回执号"), [InputRequired(_l("请填写回执号")), Length(max=LONGEST_RECEIPT)])


class ResultForm(FlaskForm):
    """What came of the media's oversight."""

    result = TextAreaField(_l("监督结果"), [InputRequired(_l("请写明结果")), Length(max=4000)])


class BackForm(FlaskForm):
    """Of another class."""

    back_why = StringField(_l("退回的理由"), [InputRequired(_l("请写明理由")), Length(max=500)])


def _words(of: ScreeningClass, office: Department) -> str:
    name = office.name_en if is_english() else office.name_zh
    return f"{SCREENING_CLASSES[of]}{_('：')}{name}"
