"""Forms of the ticket's page itself."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from agent_console.choices import options
from agent_console.labels import SPEAKER_TRACKS
from agent_console.words import _l
from hotline.dossiers.models import LONGEST_REASON as LONGEST_REASON_TO_TAKE
from hotline.transcripts.models import Recording
from hotline.viewing.service import LONGEST_REASON


class UnmaskForm(FlaskForm):
    """Why somebody must know who the citizen is."""

    unmask_reason = StringField(
        _l("为什么要看"),
        [DataRequired(_l("请写明理由。")), Length(max=LONGEST_REASON, message=_l("理由太长。"))],
    )


class TakeTrackForm(FlaskForm):
    """Why a recording leaves the house, and whose sound. A page has one for each of its recordings."""

    track = SelectField(_l("谁的声音"))
    take_reason = StringField(
        _l("为什么要下载"),
        [DataRequired(_l("请写明理由。")), Length(max=LONGEST_REASON_TO_TAKE, message=_l("理由太长。"))],
    )

    @classmethod
    def of(cls, recording: Recording, posted: bool = False) -> "TakeTrackForm":
        """The form of this recording; an empty one unless it is being `posted`."""
        form = (
            cls(prefix=f"recording-{recording.id}-")
            if posted
            else cls(formdata=None, prefix=f"recording-{recording.id}-")
        )
        form.track.choices = options(*((one.id, SPEAKER_TRACKS[one.speaker]) for one in recording.tracks))
        return form
