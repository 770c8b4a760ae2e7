"""What may be asked beside the words."""

from datetime import date, datetime, time, timedelta

from flask_wtf import FlaskForm
from wtforms import DateField, SearchField, SelectField
from wtforms.validators import Length, Optional

from agent_console.choices import every_category, options, options_of
from agent_console.house import house
from agent_console.labels import TYPES
from agent_console.language import is_english
from agent_console.words import _l
from hotline.dispatch.models import Category
from hotline.people.models import Department
from hotline.search.tickets import Wanted
from hotline.text_index import LONGEST_QUERY
from hotline.tickets.states import TicketType

_ALL = ("", _l("全部"))


class SearchForm(FlaskForm):
    """A form of addresses alone: it is sent with GET and changes nothing."""

    class Meta:
        csrf = False

    q = SearchField(_l("搜索"), [Length(max=LONGEST_QUERY, message=_l("最多 100 个字"))])
    state = SelectField(
        _l("状态"), default="", choices=options(_ALL, ("open", _l("在办")), ("ended", _l("已结束")))
    )
    type = SelectField(_l("诉求类型"), default="", choices=options(_ALL, *TYPES.items()))
    category = SelectField(_l("诉求分类"), default="")
    district = SelectField(_l("区（县）"), default="")
    department = SelectField(_l("承办单位"), default="")
    since = DateField(_l("受理时间从"), [Optional()])
    until = DateField(_l("到"), [Optional()])

    def offer(self, categories: list[Category], districts: list[str], departments: list[Department]) -> None:
        """What can be chosen."""
        everything = options(_ALL)
        self.category.choices = everything + every_category(categories, is_english())[1:]
        self.district.choices = everything + options_of([(name, name) for name in districts])
        named = [(str(one.id), one.name_en if is_english() else one.name_zh) for one in departments]
        self.department.choices = everything + options_of(named)

    def wanted(self, page: int) -> Wanted:
        """The question, as the core asks it. Days are the city's."""
        return Wanted(
            words=(self.q.data or "").strip(),
            open={"open": True, "ended": False}.get(self.state.data or ""),
            type=TicketType(self.type.data) if self.type.data else None,
            category=self.category.data or "",
            district=self.district.data or "",
            department_id=int(self.department.data) if self.department.data else None,
            since=_midnight(self.since.data),
            before=_midnight(self.until.data, days=1),
            page=page,
        )


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    if day is None:
        return None
    zone = house().context.settings.zone
    try:
        return datetime.combine(day + timedelta(days=days), time(), zone)
    except OverflowError:  # behind the last day that there is, nothing is left out
        return None
