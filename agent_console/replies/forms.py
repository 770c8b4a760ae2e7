"""Contact with the citizen, the reply, and its approval."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from agent_console import labels
from agent_console.choices import options, options_of
from agent_console.evidence.forms import EvidenceField
from agent_console.words import _l
from hotline.replies import service
from hotline.replies.models import ContactWay, Reply
from hotline.tickets.models import Question

LONGEST_TEXT = 8000
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


class ReplyForm(FlaskForm):
    """The reply; `reply_form` adds one answer for each thing that the citizen asked."""

    claim_is_true = RadioField(_l("诉求属实吗"), choices=YES_NO, default="yes")
    is_solved = RadioField(_l("解决了吗"), choices=YES_NO, default="yes")
    unsolved_reason = StringField(_l("未解决的原因"), [Length(max=500)])
    public_text = TextAreaField(
        _l("答复市民"), [InputRequired(_l("请写出给市民的答复")), Length(max=LONGEST_TEXT)]
    )
    internal_text = TextAreaField(_l("办理情况（不对外）"), [Length(max=LONGEST_TEXT)])
    on_site_visit = BooleanField(_l("去过现场"))
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
            on_site_visit=self.on_site_visit.data,
            files=self.files.inspected,
        )


class ApproveForm(FlaskForm):
    """A button of the unit's leader."""


def answer_name(question: Question) -> str:
    """Name of the form field that answers a question."""
    return f"answer_{question.id}"


def reply_form(questions: Sequence[Question], waiting: Reply | None) -> ReplyForm:
    """The form as it is shown first, with the draft that waits for approval, if there is one."""
    return _with_answers(questions)(formdata=None, data=_shown(waiting) if waiting else None)


def filled_in(questions: Sequence[Question]) -> ReplyForm:
    """The form as it was sent."""
    return _with_answers(questions)()


def _with_answers(questions: Sequence[Question]) -> type[ReplyForm]:
    """The form with a field for each question."""

    class FormWithAnswers(ReplyForm):
        """This ticket's reply."""

    for question in questions:
        field = TextAreaField(
            question.text,
            [InputRequired(_l("请逐项答复")), Length(max=LONGEST_TEXT)],
            default=question.answer,
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
        "on_site_visit": reply.on_site_visit,
    }
