"""The unified collection schema (rulebook B1) for what comes in on paper or by another office."""

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from agent_console.channel_names import name_of
from agent_console.choices import category_choices, options
from agent_console.desk.forms import DraftForm
from agent_console.house import house
from agent_console.refusals import explain
from agent_console.words import _l
from hotline.contacts.channels import ChannelFacts
from hotline.dispatch.models import Category
from hotline.intake.rules import IntakeRefused
from hotline.intake.service import LONGEST_NUMBER, LONGEST_REASON, Came
from hotline.intake.web import LONGEST_WHY


class IntakeForm(DraftForm):
    """The desk's fields, and how the matter came in. `key` makes two presses one."""

    answer = None  # answered at once is who calls
    answer_basis = None

    key = HiddenField()
    channel = SelectField(_l("来源渠道"), [InputRequired(_l("请选择"))])
    source_number = StringField(_l("来源编号"), [Length(max=LONGEST_NUMBER)])
    received_at = DateTimeLocalField(
        _l("收到时间"), [InputRequired(_l("请填写收到的时间"))], format="%Y-%m-%dT%H:%M"
    )
    late_reason = StringField(_l("补录原因"), [Length(max=LONGEST_REASON)])

    def offer(self, categories: list[Category], channels: list[ChannelFacts], english: bool) -> None:
        """What may be chosen."""
        self.category_code.choices = category_choices(categories, english)
        self.channel.choices = options(("", "—"), *((one.code, name_of(one)) for one in channels))

    def came(self) -> Came:
        """How it came in, of a form that is well-formed."""
        return Came(
            self.channel.data,
            self._on_the_clock(self.received_at.data),
            self.source_number.data or "",
            self.late_reason.data or "",
        )

    def mark(self, refusal: IntakeRefused) -> None:
        """Say why beside the field that it is about."""
        if refusal.field in ("channel", "source_number", "received_at", "late_reason"):
            self[refusal.field].errors = [explain(refusal)]

    @staticmethod
    def _on_the_clock(there: datetime) -> datetime:
        return there.replace(tzinfo=house().context.settings.zone)


class AsideForm(FlaskForm):
    """Why what a citizen wrote is not registered; the citizen reads it."""

    why = StringField(_l("理由"), [InputRequired(_l("请写明理由")), Length(max=LONGEST_WHY)])
