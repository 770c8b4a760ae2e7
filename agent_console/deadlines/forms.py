"""What a due time is asked for."""

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, SelectField
from wtforms.validators import InputRequired, ValidationError

from agent_console import labels
from agent_console.choices import options, options_of
from agent_console.deadlines.words import profile_label
from agent_console.house import house
from agent_console.words import _, _l
from hotline.deadlines.calculator import Matter
from hotline.deadlines.profiles import PROFILES
from hotline.tickets.states import TicketTrack, TicketType, Urgency

FIRST_YEAR, LAST_YEAR = 2000, 2100


class CalculatorForm(FlaskForm):
    """A ticket that nobody has. Sent by GET: the address can be kept and handed on."""

    class Meta:
        csrf = False  # nothing is changed

    at = DateTimeLocalField(
        _l("登记并派单的时间"), [InputRequired(_l("请选择日期和时间"))], format="%Y-%m-%dT%H:%M"
    )
    urgency = SelectField(_l("紧急程度"), choices=options_of(labels.URGENCIES))
    profile = SelectField(_l("时限方案"))
    type = SelectField(_l("诉求类型"), choices=[*options(("", _l("不限"))), *options_of(labels.TYPES)])
    track = SelectField(_l("办理通道"), choices=[*options(("", _l("不限"))), *options_of(labels.TRACKS)])

    def validate_at(self, field: DateTimeLocalField) -> None:
        """Far years are typing errors."""
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(
                _("请选择 %(first)s 年至 %(last)s 年的日期", first=FIRST_YEAR, last=LAST_YEAR)
            )

    def matter(self) -> Matter:
        """What the core is asked; the time is the city's."""
        at: datetime = self.at.data.replace(tzinfo=house().context.settings.zone)
        return Matter(
            starts_at=at,
            urgency=Urgency(self.urgency.data),
            type=TicketType(self.type.data) if self.type.data else None,
            track=TicketTrack(self.track.data) if self.track.data else None,
        )


def calculator_form(given: object, now: datetime, profile: str) -> CalculatorForm:
    """The form with what was asked, else now and the profile in force."""
    start = {"at": now, "urgency": Urgency.NORMAL, "profile": profile, "type": "", "track": ""}
    form = CalculatorForm(formdata=given or None, data=start)
    form.profile.choices = options(*((name, profile_label(name)) for name in PROFILES))
    return form
