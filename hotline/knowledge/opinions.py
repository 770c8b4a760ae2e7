"""Whether citizens found an entry helpful: counted by day, and their words as remarks for the editors."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hotline import events
from hotline.citizens.guessing import count
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.knowledge.models import Complaint, Entry, Feedback, Opinion
from hotline.knowledge.public import SHOWN
from hotline.knowledge.rules import KnowledgeRefused, Obstacle, standing
from hotline.knowledge.service import get_entry, short
from hotline.redaction.rules import masked

PER_ADDRESS = 10
CITIZEN = "citizen"
"""By whom a citizen's remark is: nothing else is known of them."""


@dataclass(frozen=True)
class Opinions:
    """How many found an entry helpful, and how many did not, since it is public."""

    helpful: int = 0
    unhelpful: int = 0


def count_try(context: Context, address: str) -> None:
    """Count one press of this address, right or wrong. Raises `TooMany`."""
    count(context, "opinion", address, PER_ADDRESS)


def say(context: Context, code: str, is_helpful: bool, words: str = "") -> None:
    """Count it; words become a remark, without what is personal in them. Raises `KnowledgeRefused`, also
    where the entry is over or there is no such page."""
    said = masked(short("words", words))
    day = context.now().astimezone(context.settings.zone).date()
    with context.writing() as session:
        entry_id = session.scalar(select(Entry.id).where(Entry.public_code == code))
        entry = get_entry(session, entry_id or 0)
        if standing(entry, day) not in SHOWN:
            raise KnowledgeRefused(Obstacle.NOT_PUBLIC)
        insert_unless_there(session, Opinion, entry_id=entry.id, day=day, helpful=0, unhelpful=0)
        counter = Opinion.helpful if is_helpful else Opinion.unhelpful
        row = update(Opinion).where(Opinion.entry_id == entry.id, Opinion.day == day)
        session.execute(row.values({counter: counter + 1}))
        if said:
            complaint = Complaint.HELPFUL if is_helpful else Complaint.UNHELPFUL
            kept = {"entry_id": entry.id, "version": entry.version, "complaint": complaint, "words": said}
            session.add(Feedback(**kept, at=context.now(), by=CITIZEN))
            events.record(session, context.now(), "knowledge.feedback", f"knowledge:{entry.id}")


def opinions(session: Session, entry_id: int) -> Opinions:
    """All of an entry."""
    sums = select(func.sum(Opinion.helpful), func.sum(Opinion.unhelpful)).where(Opinion.entry_id == entry_id)
    helpful, unhelpful = session.execute(sums).one()
    return Opinions(int(helpful or 0), int(unhelpful or 0))
