"""What a supervisor says of a required sentence."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from agent_console.choices import options, options_of
from agent_console.findings.words import PLACES
from agent_console.words import _l
from hotline.consistency.sentences import Where
from hotline.consistency.wanted import LONGEST_NAME, LONGEST_PHRASE, MOST_PHRASES, Wording


class SentenceForm(FlaskForm):
    """One sentence. Its phrases stand one a line."""

    name = StringField(_l("名称"), [InputRequired(), Length(min=2, max=LONGEST_NAME)])
    phrases = TextAreaField(
        _l("说法，一行一种"), [InputRequired(), Length(max=MOST_PHRASES * (LONGEST_PHRASE + 2))]
    )
    place = SelectField(_l("在哪里说"), choices=options_of(PLACES))
    with_number = BooleanField(_l("只在通话中已登记工单时要求"))
    language = SelectField(_l("通话语言"), choices=options(("zh", _l("中文")), ("en", _l("英语"))))

    def wording(self) -> Wording:
        """What the core is asked to keep."""
        return Wording(
            name=self.name.data,
            phrases=(self.phrases.data or "").splitlines(),
            place=Where(self.place.data),
            with_number=self.with_number.data,
            language=self.language.data,
        )
