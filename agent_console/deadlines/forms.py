"""What a due time is asked for, and what is written of the city's own limits."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from agent_console import labels
from agent_console.choices import options, options_of
from agent_console.deadlines.words import profile_label
from agent_console.house import house
from agent_console.words import _, _l
from hotline.deadlines.calculator import Matter
from hotline.deadlines.places import PLACES, Limits, units_of
from hotline.deadlines.profiles import Limit, Unit
from hotline.deadlines.service import LONGEST_NOTE
from hotline.tickets.states import TicketTrack, TicketType, Urgency

FIRST_YEAR, LAST_YEAR = 2000, 2100
_LONGEST_AMOUNT = 4  # digits: what is too much is told by the core, with the most that may be
_TOO_LONG = _l("内容太长")


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


def calculator_form(given: object, now: datetime, profile: str, names: Iterable[str]) -> CalculatorForm:
    """The form with what was asked, else now and the profile in force; `names` are those to choose from."""
    start = {"at": now, "urgency": Urgency.NORMAL, "profile": profile, "type": "", "track": ""}
    form = CalculatorForm(formdata=given or None, data=start)
    form.profile.choices = options(*((name, profile_label(name)) for name in names))
    return form


class LimitField(Field):
    """A `Limit`, or None where no number is written. Two controls under one name: the amount, and the unit of
    those that may be counted here (`deadlines/limit_parts.html`)."""

    def __init__(self, label: str = "", units: Sequence[Unit] = (), **others: object) -> None:
        super().__init__(label, **others)
        self.units = units

    def typed(self) -> tuple[str, str]:
        """Amount and unit as they were typed, or as they are."""
        if self.raw_data:
            return (str(self.raw_data[0]), str(self.raw_data[-1]))
        return (str(self.data.amount), self.data.unit) if self.data else ("", self.units[0])

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises `ValueError` for what is no number, or no unit that is on offer."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        amount, unit = valuelist[0].strip(), valuelist[-1]
        if not (amount.isascii() and amount.isdecimal() and len(amount) <= _LONGEST_AMOUNT):
            raise ValueError(_("请填写整数"))
        if unit not in self.units:
            raise ValueError(_("请选择单位"))
        self.data = Limit(int(amount), Unit(unit))


class LimitsForm(FlaskForm):
    """Every limit of the draft (a field for each place, below), and why it is changed."""

    revision = HiddenField()
    note = StringField(
        _l("为什么改"),
        [InputRequired(_l("请写明为什么改")), Length(max=LONGEST_NOTE, message=_TOO_LONG)],
    )

    @classmethod
    def of_limits(cls, limits: Limits, note: str) -> "LimitsForm":
        """Filled in."""
        return cls(formdata=None, data={**limits, "note": note})

    def limits(self) -> dict[str, Limit]:
        """What the core is told: those places where something stands."""
        return {place: self[place].data for place in PLACES if self[place].data is not None}


for _place in PLACES:
    setattr(LimitsForm, _place, LimitField(units=units_of(_place)))


class BeginForm(FlaskForm):
    """Which profile the draft begins with."""

    based_on = SelectField(_l("从哪个方案开始改"))

    def offer(self, names: Iterable[str]) -> None:
        """What can be copied."""
        self.based_on.choices = options(*((name, profile_label(name)) for name in names))


class InForceForm(FlaskForm):
    """From when the draft holds."""

    revision = HiddenField()
    in_force_from = DateTimeLocalField(_l("从什么时候起"), [Optional()], format="%Y-%m-%dT%H:%M")

    def since(self) -> datetime | None:
        """The moment on the city's clock; None: at once."""
        at: datetime | None = self.in_force_from.data
        return at.replace(tzinfo=house().context.settings.zone) if at else None


class CallOffForm(FlaskForm):
    """Why a version does not come into force."""

    reason = StringField(
        _l("为什么取消"),
        [InputRequired(_l("请写明理由")), Length(max=LONGEST_NOTE, message=_TOO_LONG)],
    )
