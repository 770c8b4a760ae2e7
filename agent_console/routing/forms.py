"""What an editor says of a row of the catalogue and of a class."""

import re
from collections.abc import Collection

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from agent_console.choices import category_choices, options, options_of
from agent_console.language import is_english
from agent_console.words import _l
from hotline.dispatch.catalogue import LONGEST, Class, Row
from hotline.dispatch.models import CatalogueRule, Category
from hotline.people.models import Department

_EMPTY, _TOO_LONG = _l("请写明内容"), _l("内容太长")
_NO_CLASS = ("", _l("不限分类（区县兜底）"))


def _up_to(name: str) -> Length:
    return Length(max=LONGEST[name], message=_TOO_LONG)


class RowForm(FlaskForm):
    """Class and place, lead and assists, and why."""

    category_code = SelectField(_l("诉求分类"), default="")
    district = SelectField(_l("区（县）"), default="")
    lead_id = SelectField(_l("主办单位"), coerce=int)
    assist_ids = SelectMultipleField(
        _l("协办单位"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    reason = StringField(_l("为什么这样派"), [InputRequired(_EMPTY), _up_to("reason")])

    def offer(
        self,
        categories: list[Category],
        districts: list[str],
        departments: list[Department],
        named: Collection[str | None],
    ) -> None:
        """What can be chosen; `named` are classes that have rows, and keep them though they are retired."""
        classes = category_choices(categories, is_english(), named)[1:]
        self.category_code.choices = options(_NO_CLASS) + classes
        self.district.choices = options(("", _l("全市")), *((name, name) for name in districts))
        units = [(d.id, d.name_en if is_english() else d.name_zh) for d in departments]
        self.lead_id.choices = options_of(
            [unit for unit, d in zip(units, departments, strict=True) if d.can_lead]
        )
        self.assist_ids.choices = options_of(units)

    @classmethod
    def of_rule(cls, rule: CatalogueRule) -> "RowForm":
        """Filled in with what holds now, but for the reason."""
        form = cls(formdata=None, obj=rule)
        form.category_code.data, form.reason.data = rule.category_code or "", ""
        return form

    def row(self) -> Row:
        """What the core is told."""
        assists = [int(one) for one in self.assist_ids.data or ()]
        return Row(self.category_code.data or None, self.district.data or "", self.lead_id.data, assists)


class RetireForm(FlaskForm):
    """Why a row holds no more."""

    reason = StringField(_l("为什么取消"), [InputRequired(_EMPTY), _up_to("reason")])


class ClassForm(FlaskForm):
    """One class. Words of the service directory are parted by commas or spaces."""

    code = StringField(_l("代码"), [InputRequired(_EMPTY), Length(max=40, message=_TOO_LONG)])
    name_zh = StringField(_l("中文名称"), [InputRequired(_EMPTY), _up_to("name_zh")])
    name_en = StringField(_l("英文名称"), [InputRequired(_EMPTY), _up_to("name_en")])
    parent_code = SelectField(_l("上级分类"), default="")
    keywords = TextAreaField(_l("市民常说的词"), [Length(max=60 * 21, message=_TOO_LONG)])
    on_site = BooleanField(_l("要到现场看过才能答复"))
    position = IntegerField(_l("排在第几"), [Optional(), NumberRange(0, 9999)], default=0)

    def offer(self, categories: list[Category]) -> None:
        """The classes that it may stand under; the one under which it stands, if that is retired."""
        named = [
            (one.code, one.name_en if is_english() else one.name_zh)
            for one in categories
            if one.retired_at is None or one.code == self.parent_code.data
        ]
        self.parent_code.choices = options(("", "—"), *named)

    @classmethod
    def of_class(cls, category: Category) -> "ClassForm":
        """Filled in."""
        form = cls(formdata=None, obj=category)
        form.parent_code.data, form.keywords.data = category.parent_code or "", "，".join(category.keywords)
        return form

    def named(self) -> Class:
        """What the core is told."""
        return Class(
            name_zh=self.name_zh.data or "",
            name_en=self.name_en.data or "",
            parent_code=self.parent_code.data or None,
            keywords=[word for word in re.split(r"[,，、;；\s]+", self.keywords.data or "") if word],
            on_site=self.on_site.data,
            position=self.position.data or 0,
        )
