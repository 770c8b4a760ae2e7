"""What a supervisor says of a duty telephone."""

from collections.abc import Mapping
from datetime import time

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from agent_console.choices import options_of
from agent_console.phone_field import phone_field
from agent_console.words import LazyString, _l
from hotline.directory.listings import LONGEST, Told
from hotline.directory.models import DutyDays
from hotline.directory.service import LONGEST_LABEL, Duty

DAYS: Mapping[str, LazyString] = {
    DutyDays.EVERY_DAY: _l("每天"),
    DutyDays.WORKDAYS: _l("只在工作日"),
    DutyDays.DAYS_OFF: _l("只在休息日和节假日"),
}
WEEKDAYS: Mapping[str, LazyString] = {
    "1": _l("周一"),
    "2": _l("周二"),
    "3": _l("周三"),
    "4": _l("周四"),
    "5": _l("周五"),
    "6": _l("周六"),
    "7": _l("周日"),
}


class DutyForm(FlaskForm):
    """One telephone. Equal times mean the whole day; an end before the beginning is the next morning."""

    label = StringField(_l("名称"), [InputRequired(), Length(max=LONGEST_LABEL)])
    phone = phone_field(_l("电话"), [InputRequired(), Length(max=30)])
    days = SelectField(_l("日历"), choices=options_of(DAYS), default=DutyDays.EVERY_DAY.value)
    weekdays = SelectMultipleField(
        _l("星期"),
        choices=options_of(WEEKDAYS),
        default=list(WEEKDAYS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    from_time = TimeField(_l("从"), [InputRequired()], default=time(0))
    until_time = TimeField(_l("到"), [InputRequired()], default=time(0))
    position = IntegerField(_l("顺序"), [NumberRange(0, 99)], default=0)

    def duty(self) -> Duty:
        """What the core is asked to keep."""
        return Duty(
            phone=self.phone.data,
            label=self.label.data,
            days=DutyDays(self.days.data),
            weekdays="".join(self.weekdays.data),
            from_time=self.from_time.data,
            until_time=self.until_time.data,
            position=self.position.data or 0,
        )


def _up_to(name: str) -> Length:
    return Length(max=LONGEST[name], message=_l("太长了"))


class ListingForm(FlaskForm):
    """What everybody may know of a department; the names are those of `Told`."""

    does_zh = TextAreaField(_l("为市民办什么"), [_up_to("does_zh")])
    does_en = TextAreaField(_l("为市民办什么（英文）"), [_up_to("does_en")])
    phone = phone_field(_l("公开的电话"), [_up_to("phone")])
    hours_zh = StringField(_l("什么时候有人"), [_up_to("hours_zh")])
    hours_en = StringField(_l("什么时候有人（英文）"), [_up_to("hours_en")])
    address = StringField(_l("地址"), [_up_to("address")])

    def told(self) -> Told:
        """What the core is asked to keep."""
        return Told(**{name: self[name].data or "" for name in LONGEST})
