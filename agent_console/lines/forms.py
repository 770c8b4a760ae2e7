"""Which days of the lines are looked at."""

from datetime import date, timedelta

from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from agent_console.words import _, _l

MOST_DAYS = 31
FIRST_YEAR, LAST_YEAR = 2000, 2100


class DaysForm(FlaskForm):
    """Which days. Sent by GET."""

    class Meta:
        csrf = False  # nothing is changed

    since = DateField(_l("从哪天"), [InputRequired(_l("请选择日期"))])
    until = DateField(_l("到哪天"), [InputRequired(_l("请选择日期"))])

    def validate_until(self, field: DateField) -> None:
        """Not before the beginning, and not too many."""
        if not self.since.data or not field.data:
            return
        days = (field.data - self.since.data).days + 1
        if not 1 <= days <= MOST_DAYS or not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(_("请选择 1 到 %(most)d 天", most=MOST_DAYS))

    def days(self) -> list[date]:
        """Each of them."""
        count = (self.until.data - self.since.data).days + 1
        return [self.since.data + timedelta(days=step) for step in range(count)]
