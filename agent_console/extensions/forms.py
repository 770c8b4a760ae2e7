"""What a department writes when it asks for more time, and the hotline's decision."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from agent_console.choices import options, options_of
from agent_console.labels import EXTENSION_GROUNDS
from agent_console.words import _l
from hotline.extensions import service
from hotline.extensions.models import ExtensionGround

LONGEST_TEXT = 2000
MOST_DAYS = 60  # no profile allows as many; the core knows how many each does


class ExtensionForm(FlaskForm):
    """Ground, days, and what will be done until then."""

    ground = RadioField(_l("延期原因"), [InputRequired(_l("请选择"))], choices=options_of(EXTENSION_GROUNDS))
    days = IntegerField(
        _l("延长天数"),
        [InputRequired(_l("请填写天数")), NumberRange(1, MOST_DAYS, _l("天数不对"))],
    )
    plan = TextAreaField(
        _l("办理计划"), [InputRequired(_l("请写明延期后的办理计划")), Length(max=LONGEST_TEXT)]
    )

    def written(self) -> service.ExtensionForm:
        """What the core is told."""
        return service.ExtensionForm(
            ExtensionGround(self.ground.data), self.days.data or 0, self.plan.data or ""
        )


class DecideForm(FlaskForm):
    """The hotline's decision."""

    verdict = RadioField(
        _l("审批"),
        [InputRequired(_l("请选择"))],
        choices=options(("approve", _l("批准延期")), ("refuse", _l("不批准，按原期限办理"))),
    )
    reason = StringField(_l("理由（不批准必填）"), [Length(max=500)])
