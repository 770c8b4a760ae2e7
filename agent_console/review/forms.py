"""The reviewer's verdict on a reply, and a list of words."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from agent_console.choices import options, options_of
from agent_console.labels import REJECTION_GROUNDS
from agent_console.words import _, _l
from hotline.review.models import Ground
from hotline.review.rules import Found, Signal
from hotline.review.service import Judged, is_undecided
from hotline.review.wording import LONGEST_PHRASE, MOST_PHRASES

_HOLDS = options(("yes", _l("属实")), ("no", _l("不属实")))


class ReviewForm(FlaskForm):
    """Accepted or sent back; `judgement` names the field of a signal."""

    verdict = RadioField(
        _l("审核结论"),
        [InputRequired(_l("请选择"))],
        choices=options(("accept", _l("通过，转回访")), ("reject", _l("退回承办单位"))),
    )
    grounds = SelectMultipleField(_l("退回理由"), choices=options_of(REJECTION_GROUNDS))
    reason = StringField(_l("理由（退回必填）"), [Length(max=500)])

    def judged(self) -> Judged:
        """What was said of signals."""
        given = {signal: self[judgement(signal)].data for signal in Signal}
        return {signal: said == "yes" for signal, said in given.items() if said in ("yes", "no")}

    def given_grounds(self) -> list[Ground]:
        """Why it goes back."""
        return [Ground(ground) for ground in self.grounds.data or ()]

    def point_at_undecided(self, found: Sequence[Found]) -> None:
        """Say beside each signal that still has to be judged that it has."""
        if self.verdict.data == "accept" and is_undecided(found, self.judged()):
            for one in found:
                if one.signal not in self.judged():
                    self[judgement(one.signal)].errors = [_("请判断")]


def judgement(signal: Signal) -> str:
    """Name of the form field in which a signal is judged."""
    return f"signal_{signal}"


for _signal in Signal:
    setattr(ReviewForm, judgement(_signal), RadioField(_l("是否属实"), choices=_HOLDS, validate_choice=False))


class WordsForm(FlaskForm):
    """A list, one phrase a line."""

    phrases = TextAreaField(
        _l("用语，一行一个"), [InputRequired(), Length(max=MOST_PHRASES * (LONGEST_PHRASE + 2))]
    )
