"""What supervisors write about campaigns."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from agent_console.campaigns.words import KINDS
from agent_console.choices import every_category, options, options_of
from agent_console.labels import STATES
from agent_console.language import is_english
from agent_console.words import _l
from hotline.campaigns.queries import Chosen
from hotline.campaigns.rules import Kind
from hotline.campaigns.service import LONGEST, LONGEST_TITLE, CampaignForm
from hotline.dispatch.models import Category
from hotline.people.models import Department
from hotline.tickets.states import State

_MOST_DAYS = 3650
_SHOWN_STATES = [(state, words) for state, words in STATES.items() if state != State.DRAFT]


class OpenForm(FlaskForm):
    """The matter, and which tickets it is over."""

    kind = RadioField(_l("类型"), [InputRequired(_l("请选择"))], choices=options_of(KINDS))
    title = StringField(_l("事项"), [InputRequired(_l("请写明内容")), Length(max=LONGEST_TITLE)])
    department_id = SelectField(_l("责任单位"), coerce=int)
    due_on = DateField(_l("完成期限"), [InputRequired(_l("请选择日期"))])
    category_code = SelectField(_l("诉求分类"), [Optional()])
    place = StringField(_l("地点包含"), [Length(max=60)])
    holder_id = SelectField(_l("承办单位"), coerce=int)
    state = SelectField(_l("工单状态"), [Optional()], choices=options(("", _l("不限")), *_SHOWN_STATES))
    older_than_days = IntegerField(
        _l("登记满多少天"), [Optional(), NumberRange(0, _MOST_DAYS, _l("天数不对"))]
    )

    def offer(self, units: Sequence[Department], categories: Sequence[Category]) -> None:
        """What there is to choose from."""
        named = [(unit.id, unit.name_en if is_english() else unit.name_zh) for unit in units]
        self.department_id.choices = options(*named)
        self.holder_id.choices = options((0, _l("不限")), *named)
        self.category_code.choices = every_category(list(categories), is_english())

    def written(self) -> CampaignForm:
        """What the core is told."""
        return CampaignForm(Kind(self.kind.data), self.title.data, self.department_id.data, self.due_on.data)

    def chosen(self) -> Chosen:
        """The filter."""
        return Chosen(
            category_code=self.category_code.data or "",
            place=(self.place.data or "").strip(),
            department_id=self.holder_id.data or None,
            state=State(self.state.data) if self.state.data else None,
            older_than_days=self.older_than_days.data,
        )


class CloseForm(FlaskForm):
    """What came of it."""

    summary = TextAreaField(_l("总结"), [InputRequired(_l("请写明内容")), Length(max=LONGEST)])
