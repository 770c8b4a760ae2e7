"""A form for an entry of each section, and the way between form and entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from pydantic import ValidationError
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from agent_console.call_plan import labels
from agent_console.call_plan.sections import name_of
from agent_console.choices import category_choices, options, options_of
from agent_console.language import is_english
from agent_console.phone_field import phone_field
from agent_console.words import LazyString, _, _l
from hotline.call_plan.document import (
    ExceptionDay,
    Greeting,
    LeaderSlot,
    Line,
    Minimum,
    Overflow,
    Part,
    Plan,
    Shift,
    Shortcut,
    SurgeOrders,
    Tongue,
)
from hotline.dispatch.queries import categories

NEEDED = InputRequired(_l("请填写"))
CODE = Regexp(r"^[a-z][a-z0-9-]{0,39}$", message=_l("用小写字母开头，只用小写字母、数字和短横"))
NUMBER = Regexp(r"^[0-9]{3,15}$", message=_l("只写 3 到 15 位数字，不加横杠、空格和加号"))
PHONE = Regexp(r"^([0-9]{2,15})?$", message=_l("只写 2 到 15 位数字，不加横杠、空格和加号"))
NAME = Length(max=60, message=_l("最多 60 个字"))
BLANK_STEPS = 3


@dataclass(frozen=True)
class Known:
    """What a form may choose from besides the plan itself: names by code. `greetings` are the prompts that
    greet; most of them say something else."""

    prompts: Mapping[str, str]
    greetings: Mapping[str, str]
    skills: Mapping[str, str]
    departments: Mapping[str, str]


class Ticks(SelectMultipleField):
    """Several of a list, by ticks."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Chosen(SelectField):
    """One of a list that is known later, or nothing."""

    def __init__(self, label: LazyString | None = None, **more: Any) -> None:
        super().__init__(label, default="", **more)


class EntryForm(FlaskForm):
    """`revision` is the draft that the person saw."""

    revision = HiddenField()


class ButtonForm(FlaskForm):
    """A button."""

    revision = HiddenField()


class LiveForm(ButtonForm):
    """Who makes a plan live says why."""

    note = StringField(_l("为什么改"), [InputRequired(_l("请写明为什么改")), Length(max=200)])


class SurgeForm(FlaskForm):
    """The words of the banner."""

    banner_zh = StringField(_l("播给来电人的话"), [Length(max=120, message=_l("最多 120 个字"))])
    banner_en = StringField(_l("播给来电人的话（英语）"), [Length(max=240)])
    category_code = SelectField(_l("多半是什么事"), [Optional()])
    district = StringField(_l("区（县）"), [Length(max=40)])
    address = StringField(_l("详细地址"), [Length(max=200)])

    @classmethod
    def offered(cls, session: Session, **more: Any) -> "SurgeForm":
        """The form with every class of the catalogue to choose from."""
        form = cls(**more)
        form.category_code.choices = category_choices(list(categories(session)), is_english())
        return form


class NamedForm(EntryForm):
    """Code and both names."""

    code = StringField(_l("代码"), [NEEDED, CODE])
    name_zh = StringField(_l("中文名"), [NEEDED, NAME])
    name_en = StringField(_l("英文名"), [NEEDED, NAME])


class LineForm(EntryForm):
    number = phone_field(_l("号码"), [NEEDED, NUMBER])
    name_zh = StringField(_l("中文名"), [NEEDED, NAME])
    name_en = StringField(_l("英文名"), [NEEDED, NAME])
    greeting = Chosen(_l("问候语"))
    department = Chosen(_l("单位"))
    skill = Chosen(_l("技能"))
    tongue = Chosen(_l("语言或方言"))
    shifts = Ticks(_l("在哪些班次有人接（都不选就是全部）"))
    when_closed = SelectField(_l("没有人在班时"), choices=options_of(labels.WHEN_CLOSED))
    closed_line = Chosen(_l("转到哪个号码"))
    closed_phone = phone_field(_l("值班电话"), [PHONE])
    overflow = Chosen(_l("溢出规则"))
    priority = IntegerField(_l("算作已经等了几分钟"), [NumberRange(0, 10, _l("0 到 10 的整数"))], default=0)


class ShiftForm(NamedForm):
    days = SelectField(_l("哪些日子"), choices=options_of(labels.DAYS))
    begins = TimeField(_l("开始"), [InputRequired(_l("请写成 08:30 的样子"))])
    ends = TimeField(_l("结束"), [InputRequired(_l("请写成 08:30 的样子"))])
    answered_by = SelectField(_l("谁接"), choices=options_of(labels.ANSWERED_BY))
    seats = IntegerField(_l("坐席数"), [NumberRange(0, 2000, _l("0 到 2000 的整数"))], default=0)
    skills = Ticks(_l("班上有哪些技能（都不选就是全部）"))
    phone = phone_field(_l("值班电话"), [PHONE])
    greeting = Chosen(_l("这一班的问候语"))


class ExceptionForm(EntryForm):
    day = DateField(_l("日期"), [InputRequired(_l("请选择日期"))])
    treated_as = SelectField(_l("算作"), choices=options_of(list(labels.DAYS.items())[1:]))
    note = StringField(_l("说明"), [Length(max=200)])


class MinimumForm(EntryForm):
    days = SelectField(_l("哪些日子"), choices=options_of(labels.DAYS))
    begins = TimeField(_l("开始"), [InputRequired(_l("请写成 08:30 的样子"))])
    ends = TimeField(_l("结束"), [InputRequired(_l("请写成 08:30 的样子"))])
    seats = IntegerField(_l("至少几个坐席"), [NEEDED, NumberRange(1, 2000, _l("1 到 2000 的整数"))])


class TongueForm(NamedForm):
    skill = Chosen(_l("技能"))
    skill_seconds = IntegerField(
        _l("多少秒后改找号码自己的技能"),
        [Optional(), NumberRange(1, 3600, _l("1 到 3600 的整数"))],
        default=30,
    )
    prompts = SelectField(_l("提示语"), choices=options_of(labels.PROMPT_LANGUAGES))
    greeting = Chosen(_l("问候语"))


class ShortcutForm(EntryForm):
    key = SelectField(_l("按键"), choices=options(*((key, key) for key in "1234567890*#")))
    deed = SelectField(_l("做什么"), choices=options_of(labels.DEEDS))
    tongue = Chosen(_l("换成哪种语言或方言"))


class StepForm(Form):
    """A row of an overflow; without seconds it is none."""

    after_seconds = IntegerField(_l("等了多少秒"), [Optional(), NumberRange(1, 3600, _l("1 到 3600 的整数"))])
    to = SelectField(_l("怎么办"), choices=options_of(labels.OVERFLOW_TO))
    skill = Chosen(_l("技能"))
    phone = phone_field(_l("电话"), [PHONE])
    ring_seconds = IntegerField(
        _l("最多振几秒"), [Optional(), NumberRange(5, 120, _l("5 到 120 的整数"))], default=30
    )
    chain = Chosen(_l("哪条规则"))


class OverflowForm(NamedForm):
    steps = FieldList(FormField(StepForm))


class LeaderForm(EntryForm):
    leader = StringField(_l("领导"), [NEEDED, NAME])
    department = Chosen(_l("单位"))
    number = Chosen(_l("打哪个号码"))
    day = DateField(_l("日期"), [InputRequired(_l("请选择日期"))])
    begins = TimeField(_l("开始"), [InputRequired(_l("请写成 08:30 的样子"))])
    ends = TimeField(_l("结束"), [InputRequired(_l("请写成 08:30 的样子"))])
    phone = phone_field(_l("先振的电话或分机"), [NEEDED, PHONE])
    scope = TextAreaField(_l("范围"), [Length(max=200)])
    greeting = Chosen(_l("问候语"))


class GreetingForm(EntryForm):
    greeting = Chosen(_l("问候语"))
    notice = Chosen(_l("录音告知"))
    keys_announced = SelectField(_l("按键怎么告诉来电人"), choices=options_of(labels.KEYS_ANNOUNCED))
    keys_prompt = Chosen(_l("按键提示语"))


class SurgeOrdersForm(EntryForm):
    banner = Chosen(_l("没有写话时播哪一条"))
    short_intake = BooleanField(_l("简化登记"))
    extra_seats = IntegerField(_l("增加几个坐席"), [NumberRange(0, 2000, _l("0 到 2000 的整数"))], default=0)


class SimulationForm(FlaskForm):
    """A call that nobody makes. Sent by GET: the address can be kept and handed on."""

    class Meta:
        csrf = False  # nothing is changed

    plan = Chosen(_l("按哪一版"))
    at = DateTimeLocalField(_l("什么时候打"), [InputRequired(_l("请选择日期和时间"))])
    dialled = phone_field(_l("打哪个号码"), [NUMBER])
    tongue = Chosen(_l("说什么话"))
    keys = StringField(_l("按了哪些键"), [Regexp(r"^[0-9*#]{0,10}$", message=_l("只能是 0-9、* 和 #"))])
    surge = BooleanField(_l("高峰应急已打开"))


FORMS: Mapping[str, tuple[type[EntryForm], type[Part]]] = {
    "lines": (LineForm, Line),
    "greeting": (GreetingForm, Greeting),
    "shifts": (ShiftForm, Shift),
    "exceptions": (ExceptionForm, ExceptionDay),
    "minimums": (MinimumForm, Minimum),
    "tongues": (TongueForm, Tongue),
    "shortcuts": (ShortcutForm, Shortcut),
    "overflows": (OverflowForm, Overflow),
    "leaders": (LeaderForm, LeaderSlot),
    "surge": (SurgeOrdersForm, SurgeOrders),
}
_PROMPTS = ("greeting", "notice", "keys_prompt", "banner")


def form_of(section: str, plan: Plan, known: Known, entry: Part | None) -> EntryForm:
    """The form of an entry, or of a new one; what was sent with the request wins."""
    form_class, _kind = FORMS[section]
    given = entry.model_dump() if entry else {}
    if section == "overflows":
        given["steps"] = [*given.get("steps", ()), *({} for _blank in range(BLANK_STEPS))]
    form = form_class(data=given)
    for field in form:
        _offer(field, plan, known)
    return form


def entry_of(section: str, form: EntryForm) -> Part | None:
    """The entry as filled in; None, with the errors in the form, where it is none."""
    if not form.validate_on_submit():
        return None
    _form, kind = FORMS[section]
    try:
        return kind.model_validate(_values(form))
    except ValidationError as error:
        for one in error.errors():
            field = form[str(one["loc"][0])] if one["loc"] and str(one["loc"][0]) in form else form.revision
            field.errors = [*field.errors, _("这里填写的不对")]
        return None


def _values(form: EntryForm) -> dict[str, Any]:
    others = ("revision", "csrf_token")
    values = _given({field.short_name: field.data for field in form if field.short_name not in others})
    if "steps" in values:
        values["steps"] = [_given(step) for step in values["steps"] if step["after_seconds"]]
    return values


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was not sent at all, which stays as the document has it by default."""
    return {name: value for name, value in values.items() if value is not None}


def _offer(field: Field, plan: Plan, known: Known) -> None:
    """Fill a choice; what an entry names already can be kept, also if it is gone."""
    if field.short_name == "steps":
        for row in field:
            _offer(row.form["chain"], plan, known)
            _offer(row.form["skill"], plan, known)
        return
    pairs = _choices(field.short_name, plan, known) if isinstance(field, SelectField | Ticks) else None
    if pairs is None or field.choices:
        return
    several = isinstance(field, Ticks)
    chosen = field.data or [] if several else [field.data or ""]
    gone = [(code, _kept(code, known)) for code in chosen if code and code not in dict(pairs)]
    empty = [] if several or field.short_name == "number" else [("", _("（无）"))]
    field.choices = [SelectChoice(value, words) for value, words in (*empty, *pairs, *gone)]


def _choices(name: str, plan: Plan, known: Known) -> Sequence[tuple[str, str]] | None:
    if name in _PROMPTS:
        offered = known.greetings if name == "greeting" else known.prompts
        return [(code, _prompt_words(code, words)) for code, words in offered.items()]
    named: Mapping[str, Sequence[Any]] = {"shifts": plan.shifts, "tongue": plan.tongues}
    named |= {"overflow": plan.overflows, "chain": plan.overflows}  # type: ignore[operator]
    if name in named:
        return [(entry.code, name_of(entry)) for entry in named[name]]
    if name in ("closed_line", "number"):
        return [(line.number, f"{line.number} {name_of(line)}") for line in plan.lines]
    listed = {"skill": known.skills, "skills": known.skills, "department": known.departments}
    return list(listed[name].items()) if name in listed else None


def _kept(code: str, known: Known) -> str:
    """What an entry names already and is not offered: a prompt that is no greeting, or something gone."""
    if code in known.prompts:
        return _prompt_words(code, known.prompts[code])
    return _("%(code)s（没有了）", code=code)


def _prompt_words(code: str, words: str) -> str:
    return _("%(name)s（%(code)s）", name=words[:24], code=code)
