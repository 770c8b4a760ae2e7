"""What the calculator is asked: a day, the promise, and what is not taken from the hotline's own calls."""

from collections.abc import Mapping
from datetime import date

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from agent_console.words import LazyString, _, _l
from hotline.insight.erlang import Promise
from hotline.insight.queries import Past
from hotline.insight.staffing import AWAY, HALF_HOURS, Handling

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_CALLS, LONGEST_TALK, LONGEST_WRAP, LONGEST_RING = 2000, 1800, 600, 60
LEAST_SHARE, MOST_SHARE, LONGEST_WAIT, MOST_AWAY = 50, 99, 600, 60
USUAL_RING = 3.0
"""Seconds to lift, where no call tells it."""
_NEEDED = InputRequired(_l("请填写"))


class WholeField(IntegerField):
    """A whole number, refused in words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises `ValueError` for what is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("请填写整数")) from error


def _seconds(label: LazyString, least: int, most: int) -> WholeField:
    words = _l("%(least)d 到 %(most)d 秒", least=least, most=most)
    return WholeField(label, [Optional(), NumberRange(least, most, words)])


class CalculatorForm(FlaskForm):
    """Sent by GET: the address can be kept and handed on. Empty fields mean what the hotline's calls tell."""

    class Meta:
        csrf = False  # nothing is changed

    day = DateField(_l("哪一天"), [InputRequired(_l("请选择日期"))])
    skill = SelectField(_l("哪些来电"))
    share = WholeField(
        _l("承诺接起（%）"), [_NEEDED, NumberRange(LEAST_SHARE, MOST_SHARE, _l("50 到 99 的整数"))]
    )
    within = WholeField(_l("在多少秒之内"), [_NEEDED, NumberRange(0, LONGEST_WAIT, _l("0 到 600 秒"))])
    away = WholeField(_l("离开电话的时间（%）"), [_NEEDED, NumberRange(0, MOST_AWAY, _l("0 到 60 的整数"))])
    ring = _seconds(_l("振铃（秒）"), 0, LONGEST_RING)
    talk = _seconds(_l("通话（秒）"), 1, LONGEST_TALK)
    wrap = _seconds(_l("整理（秒）"), 0, LONGEST_WRAP)

    def validate_day(self, field: DateField) -> None:
        """Far years are typing errors."""
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(
                _("请选择 %(first)s 年至 %(last)s 年的日期", first=FIRST_YEAR, last=LAST_YEAR)
            )

    def promise(self) -> Promise:
        """What callers are promised."""
        return Promise(self.share.data / 100, float(self.within.data))

    def handling(self, known: Handling | None) -> Handling | None:
        """What was written, else what is known; None where neither tells how long calls are."""
        if known is None and self.talk.data is None:
            return None
        ring, talk, wrap = (known.ring, known.talk, known.wrap) if known else (USUAL_RING, 0.0, 0.0)
        return Handling(
            ring if self.ring.data is None else float(self.ring.data),
            talk if self.talk.data is None else float(self.talk.data),
            wrap if self.wrap.data is None else float(self.wrap.data),
        )

    def calls(self, known: Past) -> list[float]:
        """Of each half hour: what was written, else the mean of the past days."""
        typed = [self[calls_field(place)].data for place in range(HALF_HOURS)]
        return [
            mean if written is None else float(written)
            for written, mean in zip(typed, known.calls, strict=True)
        ]


def calls_field(place: int) -> str:
    """Name of the field of a half hour's calls."""
    return f"calls_{place:02}"


for _place in range(HALF_HOURS):
    _most = NumberRange(0, MOST_CALLS, _l("0 到 2000 的整数"))
    setattr(CalculatorForm, calls_field(_place), WholeField("", [Optional(), _most]))


def calculator_form(given: object, tomorrow: date, skills: Mapping[str, str]) -> CalculatorForm:
    """The form with what was asked, else tomorrow, and what GB/T 33358 promises. `skills`: code and name."""
    start = {"day": tomorrow, "share": 95, "within": 15, "away": round(100 * AWAY), "skill": ""}
    form = CalculatorForm(formdata=given or None, data=start)
    form.skill.choices = [("", _("全部来电")), *skills.items()]
    return form
