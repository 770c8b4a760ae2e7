"""What editors and readers write."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from agent_console.choices import category_choices, options, options_of
from agent_console.house import house
from agent_console.knowledge.words import OUR_COMPLAINTS
from agent_console.language import is_english
from agent_console.row_ids import LARGEST_ID
from agent_console.times import local
from agent_console.words import _l
from hotline.dispatch.models import Category
from hotline.knowledge.models import Complaint, Entry
from hotline.knowledge.places import LONGEST_DISTRICT, LONGEST_NAME, MOST_AT_ONCE
from hotline.knowledge.rules import LONGEST, LONGEST_REVIEW_DAYS, MOST_VARIANTS, REVIEW_DAYS, Content
from hotline.people.models import Department

_EMPTY, _TOO_LONG = _l("请写明内容"), _l("内容太长")


def _up_to(name: str) -> Length:
    return Length(max=LONGEST[name], message=_TOO_LONG)


class EntryForm(FlaskForm):
    """One entry. Ways to ask are one a line."""

    seen = HiddenField()
    of = HiddenField()
    title = StringField(_l("问题"), [InputRequired(_EMPTY), _up_to("title")])
    variants = TextAreaField(
        _l("其他问法"), [Length(max=MOST_VARIANTS * (LONGEST["variants"] + 2), message=_TOO_LONG)]
    )
    answer = TextAreaField(_l("答复"), [InputRequired(_EMPTY), _up_to("answer")])
    legal_basis = TextAreaField(_l("依据"), [_up_to("legal_basis")])
    owner_id = SelectField(_l("负责的单位"), coerce=int)
    category_code = SelectField(_l("诉求分类"))
    region = StringField(_l("适用地区"), [_up_to("region")])
    valid_from = DateField(_l("从哪天起有效"), [InputRequired(_l("请选择日期"))])
    valid_until = DateField(_l("到哪天为止"), [Optional()])
    review_days = IntegerField(
        _l("多少天复核一次"),
        [InputRequired(_EMPTY), NumberRange(1, LONGEST_REVIEW_DAYS, _l("1 到 730 天"))],
        default=REVIEW_DAYS,
    )
    stays_public = BooleanField(_l("改后的内容核对过，继续对市民公开"))
    reason = StringField(_l("为什么改"), [_up_to("words")])

    def offer(
        self, categories: list[Category], departments: list[Department], entry: Entry | None = None
    ) -> None:
        """What can be chosen for an entry; None for a new one."""
        kept = {entry.category_code} if entry else ()
        self.category_code.choices = category_choices(categories, is_english(), kept)
        named = [(one.id, one.name_en if is_english() else one.name_zh) for one in departments]
        self.owner_id.choices = options(*named)

    @classmethod
    def of_entry(cls, entry: Entry) -> "EntryForm":
        """Filled in with what the entry says."""
        form = cls(formdata=None, obj=entry)
        form.variants.data = "\n".join(entry.variants)
        form.category_code.data = entry.category_code or ""
        form.seen.data = str(entry.version)
        return form

    @classmethod
    def empty(cls) -> "EntryForm":
        """A new one, valid from today."""
        form = cls(formdata=None)
        form.valid_from.data = local(house().context.now()).date()
        return form

    def content(self) -> Content:
        """What the core is told."""
        return Content(
            title=self.title.data or "",
            variants=(self.variants.data or "").splitlines(),
            answer=self.answer.data or "",
            legal_basis=self.legal_basis.data or "",
            owner_id=self.owner_id.data,
            category_code=self.category_code.data or None,
            region=self.region.data or "",
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            review_days=self.review_days.data,
        )


class WithdrawForm(FlaskForm):
    """Why an entry is offered no more."""

    seen = HiddenField()
    reason = StringField(_l("为什么停用"), [InputRequired(_EMPTY), _up_to("words")])


class PublishForm(FlaskForm):
    """That the words were checked, and where citizens find them."""

    seen = HiddenField()
    checked = BooleanField(_l("逐字核对过，没有只给内部看的内容"), [InputRequired(_l("请核对以后再公开"))])
    is_notice = BooleanField(_l("作为公告，放在最前面"))


class UnpublishForm(FlaskForm):
    """Why citizens read it no more."""

    seen = HiddenField()
    reason = StringField(_l("为什么不再公开"), [InputRequired(_EMPTY), _up_to("words")])


class SuccessorForm(FlaskForm):
    """The entry that holds instead, by its number."""

    seen = HiddenField()
    successor = IntegerField(
        _l("由哪一条代替（编号）"), [Optional(), NumberRange(1, LARGEST_ID, _l("没有这一项，请重新选择"))]
    )


class PlacesForm(FlaskForm):
    """Where codes are to hang: one place a line."""

    names = TextAreaField(
        _l("地点"), [InputRequired(_EMPTY), Length(max=MOST_AT_ONCE * (LONGEST_NAME + 2), message=_TOO_LONG)]
    )
    district = StringField(_l("区"), [Length(max=LONGEST_DISTRICT, message=_TOO_LONG)])


class FeedbackForm(FlaskForm):
    """What is wrong with an entry."""

    complaint = RadioField(_l("哪里不对"), [InputRequired(_l("请选择"))], choices=options_of(OUR_COMPLAINTS))
    words = TextAreaField(_l("说明"), [InputRequired(_EMPTY), _up_to("words")])

    def said(self) -> tuple[Complaint, str]:
        """What the core is told."""
        return Complaint(self.complaint.data), self.words.data or ""


class SettleForm(FlaskForm):
    """What became of a reader's word."""

    words = StringField(_l("怎样处理的"), [InputRequired(_EMPTY), _up_to("words")])
