"""Every call that Asterisk had becomes a contact, a ticket and a recording, also if nobody of ours saw it.

The channel events that Asterisk writes by itself are the one source: at a call's end its whole story is told
to the core again, with the times at which things happened. The core takes each fact once, so for a call that
was followed live only the recording is new.
"""

import threading
from collections.abc import Collection
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError

from hotline.call_plan.queries import numbers_at
from hotline.callbacks.service import CALLBACK
from hotline.calls.legs import settle_legs
from hotline.calls.messages import message_left
from hotline.calls.models import CallEnd
from hotline.calls.outcome import call_rated
from hotline.calls.seats import UnknownSeat
from hotline.calls.service import call_answered, call_dialled, call_ended, call_queued, leg_started, open_call
from hotline.context import Context
from hotline.conversations.relay import is_relay
from hotline.follow_up.comments import follow_up_recorded
from hotline.follow_up.service import FOLLOW_UP
from hotline.transcripts.models import Speaker
from hotline.transcripts.notices import notice_heard
from hotline.transcripts.service import TrackFile, is_registered, register_recording
from ivr.cel import AgentLeg, CallStory, parse_row
from ivr.legs import legs_of
from ivr.mixing import needs_a_mix, write_mix
from ivr.moment import context_at
from ivr.pbx.process import channel_events_file
from ivr.stories import Stories
from ivr.tail import Position, Tail
from ivr.tracks import MIX, TracksGrowing, folder_of, has_message, last_written, lost_s, tracks_of

MEMORY = "calls-read.json"
IDLE_SECONDS = 1.0
BUSY_SECONDS = 0.2
TRACK_PATIENCE = 50  # tries, `BUSY_SECONDS` apart
MOST_FAULTS = 5

_log = structlog.get_logger(__name__)


class Reconciler:
    """Follows the channel events; one pass at a time, from whichever thread."""

    def __init__(self, context: Context) -> None:
        settings = context.settings
        self._context = context
        self._tail = Tail(channel_events_file(settings), settings.state_dir / MEMORY)
        self._stories = Stories()
        self._begins: dict[str, Position] = {}
        self._tries: dict[str, int] = {}
        self._growing = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Pass after pass until `stop` (and `nudge`)."""
        while not stop.is_set():
            growing = self.catch_up()
            self._wake.wait(BUSY_SECONDS if growing else IDLE_SECONDS)
            self._wake.clear()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._tail.close()

    def nudge(self) -> None:
        """A call has just ended: do not wait for the next pass."""
        self._wake.set()

    def unfinished(self) -> set[str]:
        """The linkedids of calls whose end has not been read yet."""
        with self._lock:
            return {story.linkedid for story in self._stories if not story.over}

    def catch_up(self, gone: Collection[str] = ()) -> int:
        """Read what is new and settle every call that is over; those in `gone` were cut off.

        Returns how many wait for their audio files to be closed.
        """
        with self._lock:
            self._read()
            for linkedid in gone:
                if story := self._stories.get(linkedid):
                    story.cut()
            self._growing = 0
            for story in [story for story in self._stories if story.over]:
                if self._settle(story):
                    self._forget(story.linkedid)
            self._remember()
            return self._growing

    def _read(self) -> None:
        for position, line in self._tail.lines():
            row = parse_row(line)
            if row is None:
                _log.warning("reconcile.line_not_understood")
                continue
            if self._stories.tell(row):
                self._begins[row.linkedid] = position

    def _remember(self) -> None:
        """After a restart begin with the oldest call that is not settled, or an older one after a full disk:
        each fact is taken once.
        """
        try:
            self._tail.remember(next(iter(self._begins.values()), None) or self._tail.here())
        except OSError as error:
            _log.error("reconcile.not_remembered", error=type(error).__name__)

    def _forget(self, linkedid: str) -> None:
        self._stories.forget(linkedid)
        del self._begins[linkedid]
        self._tries.pop(linkedid, None)

    def _settle(self, story: CallStory) -> bool:
        """True once nothing is left to do for this call."""
        tries = self._tries[story.linkedid] = self._tries.get(story.linkedid, 0) + 1
        try:
            if not story.is_citizens(self._numbers(story.started_at)):
                self._settle_legs(story)
                if story.linkedid.startswith(CALLBACK) or self._is_relay(story.linkedid):
                    self._register(story, closed=tries > TRACK_PATIENCE)
                elif story.linkedid.startswith(FOLLOW_UP):
                    self._register_follow_up(story, closed=tries > TRACK_PATIENCE)
                return True
            self._tell(story)
            self._settle_legs(story)
            self._register(story, closed=story.cut_off or tries > TRACK_PATIENCE)
        except TracksGrowing:
            self._growing += 1
            return False
        except OperationalError as error:
            _log.error("reconcile.put_off", linkedid=story.linkedid, error=type(error).__name__)
            return False
        except Exception as error:  # noqa: BLE001  one odd call must not hold up all that follow
            _log.error("reconcile.failed", linkedid=story.linkedid, error=type(error).__name__)
            return tries > MOST_FAULTS
        return True

    def _is_relay(self, linkedid: str) -> bool:
        with self._context.reading() as session:
            return is_relay(session, linkedid)

    def _numbers(self, moment: datetime) -> frozenset[str]:
        """The hotline's numbers, as the call plan had them at a moment."""
        with self._context.reading() as session:
            return numbers_at(session, self._context.settings, moment)

    def _tell(self, story: CallStory) -> None:
        """Tell the core the whole story; what it knows already it takes no second time."""
        linkedid = story.linkedid
        at_start = context_at(self._context, story.started_at)
        open_call(at_start, linkedid, story.number or None, story.dialled, story.started_at)
        call_dialled(at_start, linkedid, story.dialled)
        leg_started(at_start, linkedid, linkedid, story.channel)
        if story.queued_at:
            call_queued(context_at(self._context, story.queued_at), linkedid)
        for leg in story.agents.values():
            self._tell_answer(linkedid, leg)
        story.end_at(self._last_sign_of_life(story))
        ended_at = story.ended_at or story.last_at
        call_ended(context_at(self._context, ended_at), linkedid, _end(story), ended_at)
        if story.greeted_at is not None:
            notice_heard(at_start, linkedid, story.greeting, story.greeted_at)
        if story.rating is not None:
            call_rated(context_at(self._context, ended_at), linkedid, story.rating)

    def _settle_legs(self, story: CallStory) -> None:
        """Also of calls that the hotline made: those that nobody keeps are passed over."""
        if not story.rows:  # every channel went over into another call
            return
        settle_legs(
            self._context,
            story.linkedid,
            legs_of(story.linkedid, story.rows, story.ended_at or story.last_at),
        )

    def _tell_answer(self, linkedid: str, leg: AgentLeg) -> None:
        if leg.answered_at is None:
            return
        at = context_at(self._context, leg.answered_at)
        try:
            call_answered(at, linkedid, leg.extension, leg.uniqueid, leg.channel, live=False)
        except UnknownSeat:
            _log.warning("reconcile.nobody_has_this_extension", extension=leg.extension)

    def _last_sign_of_life(self, story: CallStory) -> datetime:
        """Of a call that Asterisk took down with it: the last event, or the last sound that was recorded."""
        folder = folder_of(story.linkedid, self._context.settings.zone)
        heard = last_written(self._context.settings.spool_dir, folder) if folder else None
        return max(story.last_at, heard or story.last_at)

    def _register(self, story: CallStory, closed: bool) -> None:
        settings = self._context.settings
        folder = folder_of(story.linkedid, settings.zone)
        if folder is None or is_registered(self._context, story.linkedid):
            return
        tracks = tracks_of(settings.spool_dir, folder, story, closed)
        if needs_a_mix(tracks):
            tracks = self._with_whole_mix(story, tracks, f"{folder}/{MIX}")
        # Of a callback that we dial nothing is recorded until the citizen answers.
        lost = lost_s(story, tracks) if story.is_citizens(self._numbers(story.started_at)) else 0.0
        if lost:
            _log.error("reconcile.not_all_was_recorded", linkedid=story.linkedid, lost_seconds=round(lost))
        if has_message(tracks):
            message_left(context_at(self._context, story.ended_at or story.last_at), story.linkedid)
        if tracks or lost:  # last: what is registered is not looked at again
            register_recording(self._context, story.linkedid, folder, tracks, lost)

    def _register_follow_up(self, story: CallStory, closed: bool) -> None:
        """Its folder is named by the day of its answer, which its linkedid does not tell."""
        settings = self._context.settings
        for at in (story.last_at, story.started_at):
            folder = f"{at.astimezone(settings.zone):%Y/%m/%d}/{story.linkedid}"
            if tracks := tracks_of(settings.spool_dir, folder, story, closed):
                ended = context_at(self._context, story.ended_at or story.last_at)
                follow_up_recorded(ended, story.linkedid, folder, tracks)
                return

    def _with_whole_mix(self, story: CallStory, tracks: list[TrackFile], mix: str) -> list[TrackFile]:
        """On a full disk Asterisk's own mix stays."""
        try:
            made = write_mix(self._context.settings.spool_dir, tracks, mix)
        except OSError as error:
            _log.error("reconcile.mix_not_made", linkedid=story.linkedid, error=type(error).__name__)
            return tracks
        return [*(track for track in tracks if track.speaker is not Speaker.MIX), made]


def _end(story: CallStory) -> CallEnd | None:
    """How the call ended, as far as Asterisk alone can tell; None leaves it to the core."""
    if story.cut_off or story.ended_with_us or story.broken_at is not None:
        return CallEnd.CUT_OFF
    return CallEnd.TALKED if any(leg.answered_at for leg in story.agents.values()) else None
