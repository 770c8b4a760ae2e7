"""What a screener settles, and what citizens are asked."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from agent_console import labels
from agent_console.choices import category_choices, options, options_of
from agent_console.words import _l
from hotline.dispatch.models import Category
from hotline.screening.answering import LONGEST_BASIS
from hotline.screening.refusing import LONGEST_LINE, Proposal
from hotline.screening.rules import RefusalCode
from hotline.screening.service import Screened
from hotline.screening.splitting import Part
from hotline.tickets.models import Ticket
from hotline.tickets.service import LONGEST_TEXT
from hotline.tickets.states import TicketTrack, TicketType, Urgency


class AcceptForm(FlaskForm):
    """Urgency and track decide the due time; type and category may be put right."""

    urgency = RadioField(_l("紧急程度"), choices=options_of(labels.URGENCIES))
    track = SelectField(_l("办理通道"), choices=options_of(labels.TRACKS))
    type = SelectField(_l("诉求类型"), choices=options_of(labels.TYPES))
    category_code = SelectField(_l("诉求分类"), [InputRequired(_l("请选择分类"))])
    reason = StringField(_l("备注"), [Length(max=500)])

    @classmethod
    def of(cls, ticket: Ticket, categories: list[Category], english: bool) -> "AcceptForm":
        """The form with what the agent wrote."""
        form = cls(obj=ticket)
        form.category_code.choices = category_choices(categories, english, {ticket.category_code})
        return form

    def screened(self) -> Screened:
        """What the core is told."""
        return Screened(
            urgency=Urgency(self.urgency.data),
            track=TicketTrack(self.track.data),
            type=TicketType(self.type.data),
            category_code=self.category_code.data,
        )


class AskForm(FlaskForm):
    """What the citizen has to add before the matter can be judged."""

    question = TextAreaField(_l("请市民补充什么"), [InputRequired(_l("请写明问题")), Length(max=2000)])


class AskAgainForm(FlaskForm):
    """The second request; empty repeats the first."""

    again = TextAreaField(_l("这次怎么问"), [Length(max=2000)])


class AnswerForm(FlaskForm):
    """What the citizen added, in their words."""

    answer = TextAreaField(
        _l("市民补充的内容"),
        [InputRequired(_l("请写下市民补充的内容")), Length(max=4000)],
    )


class RefuseForm(FlaskForm):
    """Why the matter is not ours, and where the citizen should turn."""

    code = SelectField(
        _l("不予受理的理由"), [InputRequired(_l("请选择理由"))], choices=options_of(labels.REFUSAL_CODES)
    )
    basis = StringField(_l("依据"), [InputRequired(_l("请写明依据")), Length(max=LONGEST_LINE)])
    right_channel = StringField(
        _l("正确渠道"), [InputRequired(_l("请写明告知市民的正确渠道")), Length(max=LONGEST_LINE)]
    )
    remark = StringField(_l("给复核人的说明"), [Length(max=500)])

    def proposal(self) -> Proposal:
        """What the core is told."""
        return Proposal(
            RefusalCode(self.code.data),
            self.basis.data or "",
            self.right_channel.data or "",
            self.remark.data or "",
        )


class DecideForm(FlaskForm):
    """The second person's decision."""

    decision = RadioField(
        _l("您的决定"),
        [InputRequired(_l("请选择"))],
        choices=options(("yes", _l("同意不予受理")), ("no", _l("不同意，应当受理"))),
    )
    why = StringField(_l("理由"), [Length(max=500)])


class ToldForm(FlaskForm):
    """A button."""


class ObjectionForm(FlaskForm):
    """What becomes of the citizen's objection."""

    verdict = RadioField(
        _l("市民提出异议"),
        [InputRequired(_l("请选择"))],
        choices=options(("yes", _l("异议成立，重新初筛")), ("no", _l("维持不予受理"))),
    )
    grounds = StringField(_l("市民的理由和您的说明"), [InputRequired(_l("请写明理由")), Length(max=500)])


class BackofficeForm(FlaskForm):
    """An answer instead of a dispatch."""

    answer = TextAreaField(_l("给市民的答复"), [InputRequired(_l("请写明答复内容")), Length(max=4000)])
    answer_basis = StringField(_l("答复依据"), [InputRequired(_l("请写明依据")), Length(max=LONGEST_BASIS)])


class ReviewAnswerForm(FlaskForm):
    """Whether an answer was right."""

    sound = RadioField(
        _l("这个答复"),
        [InputRequired(_l("请选择"))],
        choices=options(("yes", _l("正确")), ("no", _l("有误，交督办员重新办理"))),
    )
    why = StringField(_l("说明"), [Length(max=500)])


class ReopenForm(FlaskForm):
    """Why a ticket is taken up again."""

    why = StringField(_l("重新办理的理由"), [InputRequired(_l("请写明理由")), Length(max=500)])


class SplitForm(FlaskForm):
    """The other matter that was told in the same contact."""

    going = SelectMultipleField(
        _l("分出去的诉求"),
        choices=[],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    more = TextAreaField(_l("另写诉求，一行一项"), [Length(max=4000)])
    other = TextAreaField(
        _l("另一件事的经过"), [InputRequired(_l("请写明另一件事的经过")), Length(max=LONGEST_TEXT)]
    )
    other_type = SelectField(_l("诉求类型"), choices=options_of(labels.TYPES))
    other_category = SelectField(_l("诉求分类"), [InputRequired(_l("请选择分类"))])

    @classmethod
    def of(
        cls, ticket: Ticket, categories: list[Category], english: bool, fresh: bool = False
    ) -> "SplitForm":
        """The form with the questions of the ticket; `fresh` shows nothing of what was sent."""
        form = cls(formdata=None) if fresh else cls()
        form.going.choices = [(question.id, question.text) for question in ticket.questions]
        form.other_category.choices = category_choices(categories, english)
        return form

    def part(self) -> Part:
        """What the core is told."""
        return Part(
            description=self.other.data or "",
            category_code=self.other_category.data or "",
            type=TicketType(self.other_type.data),
            question_ids=self.going.data or (),
            demands=(self.more.data or "").splitlines(),
        )
