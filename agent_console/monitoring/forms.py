"""The dialogs of the live board: everything there is done for a reason."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from agent_console.choices import options_of
from agent_console.monitoring.labels import PLACES
from agent_console.words import _l
from hotline.calls.ports import Place, PlaceKind
from hotline.monitoring.rules import LONGEST_REASON

_REASON = (DataRequired(_l("请写明理由。")), Length(max=LONGEST_REASON, message=_l("理由太长。")))


class ReasonForm(FlaskForm):
    """A reason alone."""

    reason = StringField(_l("理由"), validators=_REASON)


class MoveForm(ReasonForm):
    """Where a waiting caller goes.

    Whether line and agent are there the core judges, of what was chosen alone: a seat that is no longer free
    is no obstacle on the way to the head.
    """

    kind = RadioField(_l("调到"), choices=options_of(PLACES), default=PlaceKind.HEAD.value)
    skill = SelectField(_l("专线"), validate_choice=False)
    seat = SelectField(_l("坐席"), validate_choice=False)

    def offer(self, skills: Sequence[tuple[str, str]], seats: Sequence[tuple[str, str]]) -> None:
        """The lines and the free seats that there are: value and words."""
        self.skill.choices = options_of(skills)
        self.seat.choices = options_of(seats)

    def place(self) -> Place:
        """The chosen place."""
        kind = PlaceKind(self.kind.data)
        chosen = {PlaceKind.SKILL: self.skill.data, PlaceKind.SEAT: self.seat.data}
        return Place(kind, chosen.get(kind) or "")
