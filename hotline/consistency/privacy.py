"""What of a finding is kept from those who may not know who the citizen is."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.consistency.models import ReviewFinding
from hotline.consistency.rules import Kind
from hotline.redaction.rules import masked
from hotline.suggestions.values import CITIZENS
from hotline.transcripts.models import Recording
from hotline.transcripts.privacy import Line, readable

_CLOSE_S = 0.01


@dataclass(frozen=True)
class Shown:
    """A finding's words and value as they may be read."""

    words: str
    value: str


class Reader:
    """Shows findings to somebody; masks the conversation of a recording once, for all that is found in it."""

    def __init__(self) -> None:
        self._masked: dict[int, Sequence[Line]] = {}

    def shown(self, finding: ReviewFinding, recording: Recording, sees_identity: bool) -> Shown:
        """As kept, or masked. Alone a few words do not tell that they are a part of a number: so masked words
        are those of the masked transcript between the finding's seconds, and none where these are not known.
        """
        if sees_identity:
            return Shown(finding.words, finding.value)
        words = ""
        if finding.words and finding.at_s is not None and finding.until_s is not None:
            lines = self._lines(recording)
            words = " ".join(filter(None, (_within(line, finding.at_s, finding.until_s) for line in lines)))
        is_address = finding.kind is Kind.PLACE_MISSING  # all other values are moments, codes, names of ours
        return Shown(words, masked(finding.value) if is_address else finding.value)

    def _lines(self, recording: Recording) -> Sequence[Line]:
        if recording.id not in self._masked:
            said = readable(recording, sees_identity=False)
            self._masked[recording.id] = [line for line in said if line.speaker in CITIZENS]
        return self._masked[recording.id]


def _within(line: Line, at_s: float, until_s: float) -> str:
    if not line.words:
        return line.text if at_s <= line.start_s < until_s else ""
    return "".join(
        str(word) for word, start_s, *_ in line.words if at_s - _CLOSE_S <= start_s < until_s - _CLOSE_S
    )
