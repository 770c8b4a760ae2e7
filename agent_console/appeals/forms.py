"""What is written down for a citizen, found by a call, and decided."""

from collections.abc import Sequence
from typing import Self

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from agent_console.appeal_words import APPEAL_KINDS, FOUND, GROUNDS
from agent_console.choices import options, options_of
from agent_console.words import _l
from hotline.appeals import exceptional, ordered
from hotline.appeals.models import AppealKind
from hotline.appeals.rules import LONGEST_WORDS

_TEXT = Length(max=LONGEST_WORDS)


class AppealForm(FlaskForm):
    """What a citizen who calls wants, in their words."""

    wish = RadioField(_l("市民要求什么"), [InputRequired(_l("请选择"))], choices=options_of(APPEAL_KINDS))
    said = TextAreaField(_l("市民怎么说"), [InputRequired(_l("请写下市民是怎么说的")), _TEXT])

    @classmethod
    def of(cls, kinds: Sequence[AppealKind]) -> Self:
        """Empty, with what the ticket's state allows; the only one is chosen already."""
        form = cls(formdata=None, wish=kinds[0] if len(kinds) == 1 else None)
        form.offer(kinds)
        return form

    def offer(self, kinds: Sequence[AppealKind]) -> None:
        """Show these kinds."""
        self.wish.choices = options(*((kind, APPEAL_KINDS[kind]) for kind in kinds))


class CheckForm(FlaskForm):
    """What the call with the citizen has found."""

    heard = RadioField(_l("回访结果"), [InputRequired(_l("请选择"))], choices=options_of(FOUND))
    their_words = TextAreaField(_l("市民怎么说（受到压力的必填）"), [_TEXT])


class DecideForm(FlaskForm):
    """The supervisor's decision."""

    granting = RadioField(
        _l("决定"), [InputRequired(_l("请选择"))], choices=options(("yes", _l("同意")), ("no", _l("不同意")))
    )
    why_so = TextAreaField(_l("理由"), [InputRequired(_l("请写明理由")), _TEXT])


class OrderForm(FlaskForm):
    """Why a leader or an auditor takes a closed ticket up again."""

    order_reason = TextAreaField(
        _l("为什么重新办理"),
        [InputRequired(_l("请写明理由")), Length(max=ordered.LONGEST_REASON)],
    )


class ExceptionalForm(FlaskForm):
    """Why a ticket is taken out of the archive."""

    found_by = RadioField(_l("依据"), [InputRequired(_l("请选择"))], choices=options_of(GROUNDS))
    document = StringField(
        _l("文号或日期"),
        [InputRequired(_l("请写明是哪一份")), Length(max=exceptional.LONGEST_DOCUMENT)],
    )
    cause = TextAreaField(_l("重新办理的理由"), [InputRequired(_l("请写明理由")), _TEXT])

    def written(self) -> exceptional.ExceptionalForm:
        """What the core is told."""
        ground = exceptional.ExceptionalGround(self.found_by.data)
        return exceptional.ExceptionalForm(ground, self.document.data or "", self.cause.data or "")
