"""What supervisors write about campaigns."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from agent_console.campaigns.words import KINDS
from agent_console.choices import every_category, options, options_of
from agent_console.labels import STATES
from agent_console.language import is_english
from agent_console.words import _l
from hotline.campaigns.points import LONGEST_PLACE, Found
from hotline.campaigns.queries import Chosen
from hotline.campaigns.rules import MOST_POINTS, Kind
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
    cause = TextAreaField(_l("起因（查什么，没有不填）"), [Length(max=LONGEST)])
    source = HiddenField(validators=[Length(max=20)])
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

    def written(self, source_id: int | None = None) -> CampaignForm:
        """What the core is told; `source_id` is the ticket that a sweep begins from."""
        return CampaignForm(
            Kind(self.kind.data),
            self.title.data,
            self.department_id.data,
            self.due_on.data,
            self.cause.data or "",
            source_id,
        )

    def chosen(self) -> Chosen:
        """The filter."""
        return Chosen(
            category_code=self.category_code.data or "",
            place=(self.place.data or "").strip(),
            department_id=self.holder_id.data or None,
            state=State(self.state.data) if self.state.data else None,
            older_than_days=self.older_than_days.data,
        )


class PlanForm(FlaskForm):
    """Places to look at, one a line."""

    places = TextAreaField(
        _l("要看的地方（一行一处）"),
        [InputRequired(_l("请写明内容")), Length(max=MOST_POINTS * (LONGEST_PLACE + 2))],
    )

    def lines(self) -> list[str]:
        """Each place."""
        return (self.places.data or "").splitlines()


class FoundForm(FlaskForm):
    """What was seen at a place."""

    seen_on = DateField(_l("查看日期"), [InputRequired(_l("请选择日期"))])
    fault = RadioField(
        _l("有同样的问题吗"),
        [InputRequired(_l("请选择"))],
        choices=options(("yes", _l("有")), ("no", _l("没有"))),
    )
    finding = TextAreaField(_l("看到的情况（有问题必填）"), [Length(max=LONGEST)])
    fix_by = DateField(_l("整改期限（有问题必填）"), [Optional()])

    def written(self) -> Found:
        """What the core is told."""
        return Found(self.seen_on.data, self.fault.data == "yes", self.finding.data or "", self.fix_by.data)


class FixedForm(FlaskForm):
    """A fault was put right."""

    fixed_on = DateField(_l("整改完成日期"), [InputRequired(_l("请选择日期"))])
    measure = TextAreaField(_l("整改情况"), [InputRequired(_l("请写明内容")), Length(max=LONGEST)])


class CloseForm(FlaskForm):
    """What came of it."""

    summary = TextAreaField(_l("总结"), [InputRequired(_l("请写明内容")), Length(max=LONGEST)])
