"""What people write of an incident, and why."""

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from agent_console.choices import category_choices
from agent_console.house import house
from agent_console.language import is_english
from agent_console.times import local
from agent_console.words import _l
from hotline.call_plan.service import LONGEST_BANNER
from hotline.dispatch.models import Category
from hotline.incidents.groups import LONGEST_REASON
from hotline.incidents.models import Incident
from hotline.incidents.service import LONGEST, Facts

_TOO_LONG = _l("内容太长")
_MINUTES = "%Y-%m-%dT%H:%M"


def _up_to(name: str) -> Length:
    return Length(max=LONGEST[name], message=_TOO_LONG)


class FactsForm(FlaskForm):
    """What is known."""

    title = StringField(_l("名称"), [InputRequired(_l("请写明是什么事")), _up_to("title")])
    category_code = SelectField(_l("诉求分类"), [InputRequired(_l("请选择分类"))])
    district = StringField(_l("区（县）"), [_up_to("district")])
    address = StringField(_l("地点"), [_up_to("address")])
    demand = StringField(_l("来电人一般的诉求"), [InputRequired(_l("请写明诉求")), _up_to("demand")])
    expected_end = DateTimeLocalField(_l("预计结束"), [Optional()], format=_MINUTES)
    known = TextAreaField(_l("目前了解的情况（给坐席）"), [_up_to("known")])
    told_zh = TextAreaField(
        _l("告知市民的话"), [Length(max=LONGEST_BANNER, message=_l("最多 120 个字，来电人要听完"))]
    )
    told_en = StringField(_l("告知市民的话（英语）"), [Length(max=2 * LONGEST_BANNER, message=_TOO_LONG)])

    def offer(self, categories: list[Category], incident: Incident | None = None) -> None:
        """The classes of the catalogue to choose from, for an incident; None for a new one."""
        kept = {incident.category_code} if incident else ()
        self.category_code.choices = category_choices(categories, is_english(), kept)

    def show(self, incident: Incident) -> None:
        """The facts as they stand."""
        for name in (
            "title",
            "category_code",
            "district",
            "address",
            "demand",
            "known",
            "told_zh",
            "told_en",
        ):
            self[name].data = getattr(incident, name)
        ends_at = incident.expected_end_at
        self.expected_end.data = local(ends_at).replace(tzinfo=None) if ends_at else None

    def facts(self) -> Facts:
        """What the core is asked to keep."""
        return Facts(
            title=self.title.data or "",
            category_code=self.category_code.data or "",
            demand=self.demand.data or "",
            district=self.district.data or "",
            address=self.address.data or "",
            known=self.known.data or "",
            told_zh=self.told_zh.data or "",
            told_en=self.told_en.data or "",
            expected_end_at=self._expected_end_at(),
        )

    def _expected_end_at(self) -> datetime | None:
        there = self.expected_end.data
        return there.replace(tzinfo=house().context.settings.zone) if there else None


def _why() -> StringField:
    long = Length(max=LONGEST_REASON, message=_TOO_LONG)
    return StringField(_l("理由"), [InputRequired(_l("请写明理由")), long])


class OpenForm(FactsForm):
    """A new incident: under which ticket the others go, and whether callers hear of it at once."""

    master_number = StringField(
        _l("主工单编号"), [InputRequired(_l("请写明主工单编号")), Length(max=80, message=_l("编号太长"))]
    )
    signal = HiddenField()
    tells = BooleanField(_l("同时告知来电人：接通前先播放“告知市民的话”"))
    reason = _why()


class ChangeForm(FactsForm):
    """Other facts than those that were shown at `revision`."""

    revision = HiddenField()
    reason = _why()


class CloseForm(FlaskForm):
    """Why it is over."""

    over = StringField(
        _l("结束的理由"),
        [InputRequired(_l("请写明理由")), Length(max=LONGEST_REASON, message=_TOO_LONG)],
    )


class HushForm(FlaskForm):
    """Why callers do not hear of it any more."""

    quiet = StringField(
        _l("停止告知的理由"),
        [InputRequired(_l("请写明理由")), Length(max=LONGEST_REASON, message=_TOO_LONG)],
    )


class TellForm(FlaskForm):
    """A button alone."""


class DismissForm(FlaskForm):
    """Why nothing is done about a signal."""

    dismissed = StringField(
        _l("不处理的理由"),
        [InputRequired(_l("请写明理由")), Length(max=LONGEST_REASON, message=_TOO_LONG)],
    )
