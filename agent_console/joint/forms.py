"""What the parties of a joint supervision write."""

from collections.abc import Mapping, Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from agent_console.choices import options_of
from agent_console.joint.words import NOTE_KINDS
from agent_console.language import is_english
from agent_console.words import _l
from hotline.joint.models import NoteKind
from hotline.joint.service import LONGEST, LONGEST_DRAFT
from hotline.people.actors import Role
from hotline.people.models import Department

_NEEDED = InputRequired(_l("请写明内容"))
_WORDS = [_NEEDED, Length(max=LONGEST)]


class OpenForm(FlaskForm):
    """Why, and with whom."""

    reason = TextAreaField(_l("联合督办理由和要求"), _WORDS)
    partners = SelectMultipleField(
        _l("联合督办单位"),
        [InputRequired(_l("请至少选择一家媒体。"))],
        choices=[],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, possible: Mapping[Role, Sequence[Department]]) -> None:
        """Media houses first, then the inspection office; each once."""
        offices = {office.id: office for found in possible.values() for office in found}
        self.partners.choices = [
            (one.id, one.name_en if is_english() else one.name_zh) for one in offices.values()
        ]


class NoteForm(FlaskForm):
    """Something to know, or a question to the other parties."""

    kind = RadioField(_l("内容"), choices=options_of(NOTE_KINDS), default=str(NoteKind.NOTE))
    text = TextAreaField(_l("写给联合督办各方"), _WORDS)


class AnswerForm(FlaskForm):
    """The answer to a question."""

    answer = TextAreaField(_l("答复"), _WORDS)


class DraftForm(FlaskForm):
    """What the public would be told."""

    draft = TextAreaField(_l("公开跟进稿（草稿）"), [_NEEDED, Length(max=LONGEST_DRAFT)])


class EndForm(FlaskForm):
    """How it ended."""

    result = TextAreaField(_l("联合督办结果"), _WORDS)
