"""Why a ticket's file is taken out, and for whom."""

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from agent_console.choices import options_of
from agent_console.dossiers.words import GROUNDS
from agent_console.words import _l
from hotline.dossiers.models import LONGEST_REASON, LONGEST_RECEIVER


class DossierForm(FlaskForm):
    """Nothing is chosen beforehand: what leaves the house differs."""

    ground = RadioField(_l("用途"), [InputRequired(_l("请选择"))], choices=options_of(GROUNDS))
    receiver = StringField(_l("交给谁"), [InputRequired(_l("请写明交给谁")), Length(max=LONGEST_RECEIVER)])
    reason = StringField(_l("理由"), [InputRequired(_l("请写明理由")), Length(max=LONGEST_REASON)])
