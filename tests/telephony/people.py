"""People in a call who hum, each a tone of their own, and who heard whom at which stage of it."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from hotline.calls.models import Call, CallState
from hotline.context import Context
from hotline.conversations.models import PartyState
from hotline.conversations.queries import standing
from hotline.conversations.rules import Phase, Standing
from ivr.network import Line, LineDead, NetworkCall, Script
from ivr.prompts.wave_files import RATE
from tests.telephony.hearing import heard_now, voices_in, wait_until_closed
from tests.telephony.sounds import growing
from tests.waiting import until

_STAGE_SECONDS = 0.8
_WINDOW_SECONDS = 0.25
_AROUND_SECONDS = (-0.4, -0.2, 0.0, 0.2, 0.4)
"""Where the end of a stage may be in a recording: a busy machine loses sound, or closes files late."""


@dataclass
class Person:
    """Somebody at a telephone. `call` is set by the test, the times (monotonic) by what they do."""

    voice: int
    ring: float = 0.0
    picks_up: threading.Event | None = None
    """If there is one, it rings until this is set."""
    call: NetworkCall | None = None
    answered_at: float = 0.0
    ended_at: float = 0.0

    def script(self) -> Script:
        """Pick up, hum, and stay until the other side hangs up."""

        def hum(line: Line) -> None:
            if self.ring:
                line.ring(self.ring)
            if self.picks_up is not None:
                line.ring(0.1)
                line.wait_until(self.picks_up.is_set, 60)
            self.answered_at = time.monotonic()
            line.answer()
            line.hum(self.voice)
            try:
                line.listen_to_the_end(90)
            except LineDead:
                self.ended_at = time.monotonic()
                raise

        return hum

    def heard_at(self, moment: float) -> set[int]:
        """Voices that reached this person just before `moment` (seconds since the epoch), of a call that is
        over. A recording ends with its channel: its file is closed at that moment."""
        assert self.call is not None
        wait_until_closed(self.call.heard)
        last = len(growing(self.call.heard))
        return self.heard_before(last - max(0, int((self.call.heard.stat().st_mtime - moment) * RATE)))

    def heard_before(self, sample: int) -> set[int]:
        """Voices just before this place in the recording."""
        assert self.call is not None
        window = growing(self.call.heard)[max(0, sample - int(_WINDOW_SECONDS * RATE)) : max(0, sample)]
        return voices_in(window) if len(window) else set()


@dataclass
class Story:
    """The stages of one call, looked at when it is over."""

    context: Context
    call_id: int
    stages: list[tuple[str, float, list[tuple[Person, set[int], int]]]] = field(default_factory=list)
    """Name, end, and of everybody: the voices, and how long the recording was in the end."""

    def standing(self) -> Standing:
        """The conversation as the core shows it."""
        with self.context.reading() as session:
            return standing(session, session.get_one(Call, self.call_id))

    def until_phase(self, phase: Phase, seconds: float = 10) -> None:
        """Wait until caller and agent stand so."""
        until(lambda: self.standing().phase is phase, seconds, f"the phase {phase}")

    def until_talking(self, count: int, seconds: float = 10) -> None:
        """Wait until so many people talk."""

        def talking() -> bool:
            parties = self.standing().parties
            return sum(party.state is PartyState.TALKING for party in parties) == count

        until(talking, seconds, f"{count} people to talk")

    def stage(self, name: str, *heard: tuple[Person, set[int]]) -> None:
        """Once it has begun, let it last for a moment; who should have heard whom is compared at the end.

        On a busy machine voices arrive late. (Where nothing is heard nothing may be written, so that silence
        cannot be waited for.)
        """
        try:
            until(lambda: all(_hears(person, voices) for person, voices in heard if voices), 10)
        except AssertionError:
            found = [(person.voice, heard_now(_track(person)), voices) for person, voices in heard]
            raise AssertionError(f"stage {name}, whose ear, hears, should hear: {found}") from None
        ends = time.time() + _STAGE_SECONDS
        until(lambda: time.time() > ends)
        sizes = [len(growing(_track(person))) for person, _ in heard]
        stood = [(person, voices, size) for (person, voices), size in zip(heard, sizes, strict=True)]
        self.stages.append((name, ends, stood))

    def check(self) -> None:
        """Everybody heard at the end of every stage exactly those whom they should have heard.

        The end is looked for in two ways, for a busy machine spoils each: what is lost afterwards moves it
        from the end of the recording, and what is written late from where the recording stood.
        """
        wrong = [
            (name, person.voice, found, voices)
            for name, moment, stood in self.stages
            for person, voices, size in stood
            if voices
            not in (
                found := [
                    person.heard_before(size),
                    *(person.heard_at(moment + span) for span in _AROUND_SECONDS),
                ]
            )
        ]
        assert not wrong, f"stage, whose ear, heard, should have heard: {wrong}"


def _hears(person: Person, voices: set[int]) -> bool:
    return heard_now(_track(person)) == voices


def _track(person: Person) -> Path:
    assert person.call is not None
    return person.call.heard


def call_of(context: Context, number: str) -> Call | None:
    """The live call of this number."""
    with context.reading() as session:
        for call in session.query(Call).filter(Call.state != CallState.ENDED):
            if call.contact.number == number:
                return call
    return None
