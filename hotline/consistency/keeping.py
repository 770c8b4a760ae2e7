"""Findings as they are kept: renewed with what people answered, and forgotten with the words of the call."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hotline import events
from hotline.consistency.models import LONGEST_VALUE, ReviewFinding
from hotline.consistency.renewal import paired
from hotline.consistency.rules import Finding
from hotline.context import Context
from hotline.transcripts.models import Recording


def keep(session: Session, context: Context, recording: Recording, found: Sequence[Finding]) -> None:
    """Put these in the place of the call's findings.

    What is still the same keeps its answer. An answered one that is found no more stays, marked as gone: it
    is what somebody said. One that nobody answered goes.
    """
    known = session.scalars(
        select(ReviewFinding).where(ReviewFinding.call_id == recording.call_id).order_by(ReviewFinding.id)
    ).all()
    for before, finding in paired(known, [_fitting(one) for one in found]):
        if finding is None:
            assert before is not None  # noqa: S101 (one of both is there)
            _gone(session, context, before)
        else:
            row = before or ReviewFinding(call_id=recording.call_id, found_at=context.now())
            _write(row, recording, finding)
            session.add(row)
    if known or found:
        tell(session, context, recording.call_id)


def forget(session: Session, call_id: int) -> None:
    """The text of the call is deleted, and with it what its findings held of it; the answers stay."""
    of_call = ReviewFinding.call_id == call_id
    session.execute(delete(ReviewFinding).where(of_call, ReviewFinding.answer.is_(None)))
    session.execute(update(ReviewFinding).where(of_call).values(words="", value=""))


def tell(session: Session, context: Context, call_id: int) -> None:
    """Pages that show findings of this call are no longer right."""
    session.flush()
    events.record(session, context.now(), "finding.changed", f"findings-of-call:{call_id}")


def _fitting(finding: Finding) -> Finding:
    if len(finding.value) <= LONGEST_VALUE:
        return finding
    return Finding(finding.kind, finding.at_s, finding.words, finding.value[:LONGEST_VALUE], finding.until_s)


def _write(row: ReviewFinding, recording: Recording, finding: Finding) -> None:
    for name, value in vars(finding).items():
        setattr(row, name, value)
    row.gone_at = None
    row.model_name, row.model_hash = recording.model_name, recording.model_hash
    row.transcribed_at = recording.transcribed_at


def _gone(session: Session, context: Context, row: ReviewFinding) -> None:
    if row.answer is None:
        session.delete(row)
    else:
        row.gone_at = row.gone_at or context.now()
