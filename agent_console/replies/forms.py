"""Contact with the citizen, visits, the reply, and its approval."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from agent_console import labels
from agent_console.choices import options, options_of
from agent_console.evidence.forms import EvidenceField
from agent_console.house import house
from agent_console.language import is_english
from agent_console.record_words import ADOPTIONS, cause_choices, unit_choices
from agent_console.words import _, _l
from hotline.dispatch.models import Assignment
from hotline.replies import service
from hotline.replies.causes import ASKED_OF
from hotline.replies.models import Adoption, ContactWay, Reply
from hotline.replies.quantities import LONGEST_WHAT, MOST_LINES, Quantity, QuantityRefused, number, units
from hotline.replies.visits import VisitForm as Visited
from hotline.tickets.models import Question, Ticket

LONGEST_TEXT = 8000
QUANTITY_LINES = 3
YES_NO = options(("yes", _l("是")), ("no", _l("否")))


class ContactForm(FlaskForm):
    """One try to speak with the citizen."""

    way = RadioField(
        _l("联系方式"),
        choices=options_of(labels.CONTACT_WAYS),
        default=str(ContactWay.PHONE),
    )
    reached = RadioField(_l("联系上了吗"), [InputRequired(_l("请选择"))], choices=YES_NO)
    note = StringField(_l("联系情况"), [Length(max=500)])


class VisitForm(FlaskForm):
    """Somebody of the department was there."""

    visited_at = DateTimeLocalField(_l("到现场的时间"), [InputRequired(_l("请选择日期和时间"))])
    visitors = StringField(
        _l("谁去的"), [InputRequired(_l("请写明去现场的人")), Length(max=120)], description=_l("姓名、科室")
    )
    place = StringField(_l("地点（与工单相同可不填）"), [Length(max=300)])
    found = TextAreaField(
        _l("现场情况"), [InputRequired(_l("请写明现场看到的情况")), Length(max=LONGEST_TEXT)]
    )

    def written(self) -> Visited:
        """What the core is told: the time is the city's."""
        at = self.visited_at.data.replace(tzinfo=house().context.settings.zone)
        return Visited(at, self.visitors.data or "", self.found.data or "", self.place.data or "")


class PartForm(FlaskForm):
    """What an assisting department has done."""

    part = TextAreaField(_l("协办情况"), [InputRequired(_l("请写明协办情况")), Length(max=LONGEST_TEXT)])


class ClosePartForm(FlaskForm):
    """The lead goes on without a department that is silent."""

    part_id = SelectField(_l("逾期的协办单位"), coerce=int)
    undone = TextAreaField(
        _l("协办缺失情况"), [InputRequired(_l("请写明协办缺失情况")), Length(max=LONGEST_TEXT)]
    )

    def offer(self, parts: Sequence[Assignment]) -> "ClosePartForm":
        """The departments to choose from."""
        names = [(p.id, p.department.name_en if is_english() else p.department.name_zh) for p in parts]
        self.part_id.choices = options_of(names)
        return self


class QuantityForm(Form):
    """One line of what was done. A line without a word is left out."""

    what = StringField(_l("做了什么"), [Length(max=LONGEST_WHAT)])
    number = StringField(_l("数量"))
    unit = SelectField(_l("单位"), default=units()[0].code)

    def __init__(self, *arguments: object, **settings: object) -> None:
        super().__init__(*arguments, **settings)
        self.unit.choices = unit_choices()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not (self.what.data or "").strip() and not (self.number.data or "").strip()

    def validate_number(self, field: StringField) -> None:
        """A number of 0 or more with two decimals at most, and what it counts."""
        if self.is_empty:
            return
        if not (self.what.data or "").strip():
            raise ValidationError(_("请写明做了什么"))
        try:
            number(field.data or "")
        except QuantityRefused:
            raise ValidationError(_("请填写数量，如 12 或 3000.50，不能是负数")) from None

    def written(self) -> Quantity:
        """What the core is told."""
        return Quantity(self.what.data or "", number(self.number.data or ""), self.unit.data)


class ReplyForm(FlaskForm):
    """The reply; `reply_form` adds one answer for each thing that the citizen asked."""

    claim_is_true = RadioField(_l("诉求属实吗"), choices=YES_NO, default="yes")
    is_solved = RadioField(_l("解决了吗"), choices=YES_NO, default="yes")
    unsolved_reason = StringField(_l("未解决的原因"), [Length(max=500)])
    public_text = TextAreaField(
        _l("答复市民"), [InputRequired(_l("请写出给市民的答复")), Length(max=LONGEST_TEXT)]
    )
    adoption = RadioField(_l("建议采纳了吗"), [Optional()], choices=options_of(ADOPTIONS))
    adoption_reason = TextAreaField(_l("采纳情况或理由（给市民看）"), [Length(max=2000)])
    cause = SelectField(_l("问题原因"), [Optional()], default="", choices=())
    internal_text = TextAreaField(_l("办理情况（不对外）"), [Length(max=LONGEST_TEXT)])
    quantities = FieldList(
        FormField(QuantityForm), _l("办理成果"), min_entries=QUANTITY_LINES, max_entries=MOST_LINES
    )
    files = EvidenceField(_l("附件"), id="reply-files")

    def written(self, questions: Sequence[Question]) -> service.ReplyForm:
        """What the core is told."""
        return service.ReplyForm(
            public_text=self.public_text.data or "",
            answers={question.id: self[answer_name(question)].data or "" for question in questions},
            claim_is_true=self.claim_is_true.data == "yes",
            is_solved=self.is_solved.data == "yes",
            unsolved_reason=self.unsolved_reason.data or "",
            internal_text=self.internal_text.data or "",
            quantities=[line.form.written() for line in self.quantities if not line.form.is_empty],
            files=self.files.inspected,
            adoption=Adoption(self.adoption.data) if self.adoption.data else None,
            adoption_reason=self.adoption_reason.data or "",
            cause=self.cause.data or "",
        )


class ApproveForm(FlaskForm):
    """A button of the unit's leader."""


class SendBackForm(FlaskForm):
    """The unit's leader says what is wrong with the reply."""

    return_reason = TextAreaField(_l("退回理由"), [InputRequired(_l("请写明要改什么")), Length(max=500)])


def answer_name(question: Question) -> str:
    """Name of the form field that answers a question."""
    return f"answer_{question.id}"


def reply_form(ticket: Ticket, waiting: Reply | None) -> ReplyForm:
    """The form as it is shown first, with the draft that waits for approval, if there is one."""
    return _with_answers(ticket)(formdata=None, data=_shown(waiting) if waiting else None)


def filled_in(ticket: Ticket) -> ReplyForm:
    """The form as it was sent."""
    return _with_answers(ticket)()


def asks_cause(ticket: Ticket) -> bool:
    """Whether the department says why the matter arose."""
    return ticket.type in ASKED_OF


def _with_answers(ticket: Ticket) -> type[ReplyForm]:
    """The form with a field for each question; where something went wrong, it asks why."""
    needed = [InputRequired(_l("请选择问题原因"))] if asks_cause(ticket) else [Optional()]

    class FormWithAnswers(ReplyForm):
        """This ticket's reply."""

        cause = SelectField(
            _l("问题原因"), needed, default="", choices=[*options(("", _l("请选择"))), *cause_choices()]
        )

    for question in ticket.questions:
        field = TextAreaField(
            question.text,
            [InputRequired(_l("请逐项答复")), Length(max=LONGEST_TEXT)],
            default=question.holders_answer,
        )
        setattr(FormWithAnswers, answer_name(question), field)
    return FormWithAnswers


def _shown(reply: Reply) -> dict[str, object]:
    return {
        "claim_is_true": "yes" if reply.claim_is_true else "no",
        "is_solved": "yes" if reply.is_solved else "no",
        "unsolved_reason": reply.unsolved_reason,
        "public_text": reply.public_text,
        "internal_text": reply.internal_text,
        "adoption": reply.adoption,
        "adoption_reason": reply.adoption_reason,
        "cause": reply.cause,
        "quantities": [
            {"what": line.what, "number": f"{line.number.normalize():f}", "unit": line.unit}
            for line in reply.quantities
        ],
    }
