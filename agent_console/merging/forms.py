"""Which ticket is the master, and why something is undone."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, Length

from agent_console.words import _l


class MergeForm(FlaskForm):
    """The ticket under which this one goes."""

    master_number = StringField(
        _l("主工单编号"), [DataRequired(_l("请写明主工单编号")), Length(max=80, message=_l("编号太长"))]
    )


class RecurrenceForm(FlaskForm):
    """The closed ticket of which this one is the same matter."""

    earlier_number = StringField(
        _l("以前的工单编号"),
        [DataRequired(_l("请写明以前的工单编号")), Length(max=80, message=_l("编号太长"))],
    )


class UnmergeForm(FlaskForm):
    """Why the ticket is screened by itself after all."""

    apart = StringField(_l("拆出的理由"), [InputRequired(_l("请写明理由")), Length(max=500)])


class ReopenMasterForm(FlaskForm):
    """Why the master is taken up again."""

    why = StringField(_l("重新办理的理由"), [InputRequired(_l("请写明理由")), Length(max=500)])
