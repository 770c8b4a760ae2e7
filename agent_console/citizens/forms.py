"""What citizens fill in."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from agent_console import labels
from agent_console.choices import options
from agent_console.citizens.files import EnclosuresField
from agent_console.phone_field import phone_field
from agent_console.words import _l
from hotline.appeals.models import AppealKind
from hotline.appeals.rules import LONGEST_WORDS
from hotline.citizens.deeds import LONGEST_REASON, LONGEST_SUPPLEMENT
from hotline.intake.web import LONGEST_MATTER


class AskForm(FlaskForm):
    """Both stand on the receipt; blanks, hyphens and small letters do not matter."""

    number = StringField(_l("工单编号"), [DataRequired(_l("请填写工单编号")), Length(max=80)])
    code = StringField(_l("查询码"), [DataRequired(_l("请填写查询码")), Length(max=80)])


class ButtonForm(FlaskForm):
    """A button."""


class SupplementForm(FlaskForm):
    """What the citizen adds."""

    supplement = TextAreaField(
        _l("补充的情况"), [DataRequired(_l("请写下要补充的情况")), Length(max=LONGEST_SUPPLEMENT)]
    )
    files = EnclosuresField(_l("照片和文件"))


class RatingForm(FlaskForm):
    """The two questions of a follow-up call, and room for a few words. Nothing is chosen beforehand."""

    solved = RadioField(
        _l("问题解决了吗？"),
        [InputRequired(_l("请选择"))],
        choices=options(("yes", _l("解决了")), ("no", _l("没有解决"))),
    )
    satisfaction = RadioField(
        _l("您满意吗？"), [InputRequired(_l("请选择"))], choices=options(*labels.SATISFACTIONS.items())
    )
    words = TextAreaField(_l("想说的话（可以不写）"), [Length(max=LONGEST_REASON)])


class WithdrawForm(FlaskForm):
    """Why it is not to be handled any more."""

    why = TextAreaField(_l("为什么撤回"), [DataRequired(_l("请写明原因")), Length(max=LONGEST_REASON)])


class OpinionForm(FlaskForm):
    """Whether a page helped, and why. Nothing is chosen beforehand."""

    helpful = RadioField(
        _l("这一页对您有用吗？"),
        [InputRequired(_l("请选择"))],
        choices=options(("yes", _l("有用")), ("no", _l("没有用"))),
    )
    words = TextAreaField(_l("想说的话（可以不写）"), [Length(max=LONGEST_REASON)])


class ReopenForm(FlaskForm):
    """Why a closed matter is to be taken up again. Nothing is chosen beforehand."""

    kind = RadioField(
        _l("为什么？"),
        [InputRequired(_l("请选择"))],
        choices=options(
            (AppealKind.RELAPSE, _l("问题又出现了")),
            (AppealKind.NEW_FACTS, _l("有新的情况")),
            (AppealKind.OBJECTION, _l("答复或处理结果不对")),
        ),
    )
    again = TextAreaField(_l("说说情况"), [DataRequired(_l("请写明情况")), Length(max=LONGEST_WORDS)])


class ObjectForm(FlaskForm):
    """Why the refusal is wrong."""

    objection = TextAreaField(_l("为什么不同意"), [DataRequired(_l("请写明原因")), Length(max=LONGEST_WORDS)])


class MatterForm(FlaskForm):
    """What, where, and how to reach the citizen if they like. `token` carries the sum and the form's key."""

    token = HiddenField()
    description = TextAreaField(
        _l("是什么事？"), [DataRequired(_l("请写下是什么事")), Length(max=LONGEST_MATTER)]
    )
    wish = TextAreaField(_l("希望怎么解决？"), [Length(max=1000)])
    place = StringField(_l("在哪里？"), [Length(max=200)])
    phone = phone_field(_l("联系电话"), [Length(max=30)])
    files = EnclosuresField(_l("照片和文件"))
    hides = BooleanField(_l("不让承办部门知道我是谁"))
    sum = StringField(_l("请算一算"), [DataRequired(_l("请算出来再提交")), Length(max=10)])
