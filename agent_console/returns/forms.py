"""What a department writes when it returns a ticket, and what the hotline decides."""

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from agent_console.choices import options, options_of
from agent_console.labels import RETURN_BASES, RETURN_GROUNDS
from agent_console.language import is_english
from agent_console.words import _l
from hotline.dispatch import returns
from hotline.dispatch.models import ReturnBasis, ReturnGround
from hotline.people.queries import departments

LONGEST_TEXT = 2000


class ReturnForm(FlaskForm):
    """Ground, basis, the right department, and why."""

    ground = RadioField(_l("退单理由"), [InputRequired(_l("请选择"))], choices=options_of(RETURN_GROUNDS))
    basis = RadioField(_l("依据"), [InputRequired(_l("请选择"))], choices=options_of(RETURN_BASES))
    cited = StringField(_l("依据的条款"), [InputRequired(_l("请写明条款")), Length(max=200)])
    suggested_id = SelectField(_l("应承办的单位"), [InputRequired(_l("请选择应承办的单位"))], coerce=int)
    reason = TextAreaField(_l("说明"), [InputRequired(_l("请写明理由")), Length(max=LONGEST_TEXT)])
    field_checked = BooleanField(_l("已到现场核实，确属其他单位管辖"))

    def written(self) -> returns.ReturnForm:
        """What the core is told."""
        return returns.ReturnForm(
            ground=ReturnGround(self.ground.data),
            basis=ReturnBasis(self.basis.data),
            cited=self.cited.data or "",
            suggested_id=self.suggested_id.data,
            reason=self.reason.data or "",
            field_checked=self.field_checked.data,
        )


class JudgeForm(FlaskForm):
    """The hotline's decision on a first return."""

    verdict = RadioField(
        _l("裁定"),
        [InputRequired(_l("请选择"))],
        choices=options(("accept", _l("同意退单，重新派单")), ("reject", _l("驳回，由原单位继续办理"))),
    )
    reason = StringField(_l("理由"), [InputRequired(_l("请写明理由")), Length(max=500)])


class DesignateForm(FlaskForm):
    """Who leads, bindingly, after a second return."""

    lead_id = SelectField(_l("指定主办单位"), [InputRequired(_l("请选择主办单位"))], coerce=int)
    reason = StringField(_l("理由"), [InputRequired(_l("请写明理由")), Length(max=500)])
    into_catalogue = BooleanField(_l("写入派单目录：同一分类、同一个区以后都由它主办"), default=True)


def return_form(session: Session, **given: object) -> ReturnForm:
    """The form with every department in its list but the one that returns (`own_id`)."""
    own_id = given.pop("own_id", None)
    form = ReturnForm(**given)
    form.suggested_id.choices = options_of([pair for pair in _units(session) if pair[0] != own_id])
    return form


def designate_form(session: Session, **given: object) -> DesignateForm:
    """The form with every department in its list."""
    form = DesignateForm(**given)
    form.lead_id.choices = options_of(_units(session))
    return form


def _units(session: Session) -> list[tuple[int, str]]:
    return [(unit.id, unit.name_en if is_english() else unit.name_zh) for unit in departments(session)]
