"""Live text is written down as people finish what they say, and forgotten when something better is there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from hotline import events
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.live_text.models import LONGEST_LABEL, LiveSegment
from hotline.transcripts.models import Recording, RecordingState, Speaker

KEPT_FOR = timedelta(days=7)
"""Of a call whose recording never became a transcript."""
HEARD = "live_text.heard"


@dataclass(frozen=True)
class Said:
    """A finished utterance; see `LiveSegment`."""

    call_id: int
    key: str
    speaker: Speaker
    label: str
    start_s: float
    end_s: float
    said_at: datetime
    text: str = field(repr=False)
    words: list[list[Any]] = field(repr=False)


def write_down(context: Context, said: Sequence[Said]) -> None:
    """Keep utterances; told twice, each is kept once. The event says that a call's text grew, no words."""
    with context.writing() as session:
        for one in said:
            insert_unless_there(session, LiveSegment, **(vars(one) | {"label": one.label[:LONGEST_LABEL]}))
        for call_id in sorted({one.call_id for one in said}):
            events.record(session, context.now(), HEARD, f"call:{call_id}")


def forget_replaced(context: Context) -> int:
    """Forget the live text of calls that have their transcript, and what is old. Returns how many went."""
    done = select(Recording.call_id).where(Recording.state == RecordingState.DONE)
    old = LiveSegment.said_at < context.now() - KEPT_FOR
    with context.writing() as session:
        gone = session.execute(delete(LiveSegment).where(or_(LiveSegment.call_id.in_(done), old)))
        return int(gone.rowcount)  # type: ignore[attr-defined]
