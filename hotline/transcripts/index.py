"""The full-text index of what was said: one row a segment."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from hotline.text_index import TextIndex
from hotline.transcripts.models import Segment

SEGMENTS = TextIndex("segment_index")


def add(session: Session, segments: Iterable[Segment]) -> None:
    """Make these segments findable."""
    SEGMENTS.add(session, {segment.id: segment.text for segment in segments})


remove = SEGMENTS.remove
tidy = SEGMENTS.tidy
