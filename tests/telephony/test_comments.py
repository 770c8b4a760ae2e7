"""A citizen who is not content leaves a comment in the follow-up call: it reaches the ticket, as text."""

from pathlib import Path

import pytest

from hotline.clock import SystemClock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.follow_up.models import FollowUp
from hotline.follow_up.service import dial
from hotline.transcripts.models import RecordingState, Speaker
from hotline.transcripts.queries import recordings_of_contact
from ivr.control import AmiCallControl
from ivr.network.line import Line
from recordings.recogniser import Recogniser
from recordings.speech_models import Models
from recordings.tracks import Spool
from recordings.transcriber import Transcriber
from tests.factories import City
from tests.telephony.ivr_process import running
from tests.telephony.switchboard import Switchboard
from tests.unit.recordings.speech import spoken
from tests.unit.recordings.wav import wav
from tests.waiting import until

CITIZEN = "13800007790"


@pytest.fixture
def context(sqlite_database: Database, switchboard: Switchboard) -> Context:
    return Context(sqlite_database, SystemClock(), switchboard.settings)


def test_a_comment_becomes_text_of_the_ticket(
    switchboard: Switchboard, context: Context, tmp_path: Path
) -> None:
    comment = tmp_path / "comment.wav"
    comment.write_bytes(wav(spoken("路灯还是没有修好")))

    def not_content(line: Line) -> None:
        line.answer()
        for key in ("1", "4"):
            line.hear_voice()
            line.hear_silence(1200)
            line.press(key)
        line.hear_voice()  # asked for a comment
        line.hear_silence(1200)
        line.say(comment)
        line.press("#")
        line.listen_to_the_end(30)

    city = City.founded(context)
    _, follow_up_id = city.owed(CITIZEN)
    with running(context, switchboard):
        call = switchboard.network.expect_callback(CITIZEN, not_content)
        assert dial(context, AmiCallControl(context.settings), follow_up_id)
        call.wait_ended(60)
        until(lambda: is_recorded(context, follow_up_id), 30, "the follow-up's recording")
    models = Models(Recogniser(Settings().vosk_model))
    worker = Transcriber(context, models, Spool(context.settings.spool_dir), "test")
    until(lambda: not worker.run_once(), 60, "the transcript")
    with context.reading() as session:
        follow_up = session.get_one(FollowUp, follow_up_id)
        assert (follow_up.solved, follow_up.satisfaction) == (True, 4)
        ticket = follow_up.ticket
        assert "comment_left" in [line.event for line in ticket.history]
        [kept] = recordings_of_contact(session, ticket.contact_id)
        assert kept.state is RecordingState.DONE
        said = {track.speaker: "".join(s.text for s in track.segments) for track in kept.tracks}
    assert "路灯" in said[Speaker.COMMENT]
    assert "路灯" not in said[Speaker.CALLER], "nothing is written down twice"


def is_recorded(context: Context, follow_up_id: int) -> bool:
    """Whether this follow-up's recording is known. Calls of earlier tests lie beside it."""
    with context.reading() as session:
        ticket = session.get_one(FollowUp, follow_up_id).ticket
        return bool(recordings_of_contact(session, ticket.contact_id))
