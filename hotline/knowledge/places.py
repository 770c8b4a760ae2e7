"""QR codes of an entry by place: made by editors, counted by day, retired for good."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session, contains_eager

from hotline import events
from hotline.citizens.guessing import key_of, network_of, take
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.knowledge.codes import as_printed, new_code
from hotline.knowledge.models import PolicyPlace, ScanCount
from hotline.knowledge.rules import EDITORS, KnowledgeRefused, Obstacle
from hotline.knowledge.service import EDIT, get_entry

LONGEST_NAME, LONGEST_DISTRICT = 60, 40
MOST_AT_ONCE = 200
COUNTED_PER_ADDRESS = 30  # of one code in 15 minutes: a hall's network is one address for all who stand in it


@dataclass(frozen=True)
class Made:
    """How many codes were made, and how many places had one already."""

    new: int
    there: int


def make_places(context: Context, entry_id: int, names: Sequence[str], district: str = "") -> Made:
    """A code for each place that has none of this entry yet. Raises `KnowledgeRefused`."""
    context.actor.must_have(EDIT, *EDITORS)
    wanted, area = _checked(names, district)
    with context.writing() as session:
        entry = get_entry(session, entry_id)  # locked: two editors make no two codes for one place
        if entry.public_code is None:
            raise KnowledgeRefused(Obstacle.NOT_PUBLIC)
        there = {place.name for place in hanging(session, entry_id) if place.district == area}
        new = [name for name in wanted if name not in there]
        for name in new:
            session.add(
                PolicyPlace(
                    code=new_code(session, PolicyPlace.code),
                    entry_id=entry_id,
                    name=name,
                    district=area,
                    made_at=context.now(),
                    made_by=context.actor.name,
                )
            )
            session.flush()
        events.record(session, context.now(), "knowledge.places", f"knowledge:{entry_id}", made=len(new))
    return Made(len(new), len(wanted) - len(new))


def retire_place(context: Context, place_id: int) -> None:
    """The poster is gone: whoever scans it reads so. Its counts stay. Raises `KnowledgeRefused`."""
    context.actor.must_have(EDIT, *EDITORS)
    with context.writing() as session:
        place = session.get(PolicyPlace, place_id, with_for_update=True)
        if place is None:
            raise KnowledgeRefused(Obstacle.UNKNOWN)
        if place.retired_at is not None:
            raise KnowledgeRefused(Obstacle.RETIRED)
        place.retired_at, place.retired_by = context.now(), context.actor.name
        events.record(session, context.now(), "knowledge.places", f"knowledge:{place.entry_id}", retired=1)


def hanging(session: Session, entry_id: int) -> Sequence[PolicyPlace]:
    """Places of an entry whose codes are in use, by district and name."""
    query = select(PolicyPlace).where(PolicyPlace.entry_id == entry_id, PolicyPlace.retired_at.is_(None))
    return session.scalars(query.order_by(PolicyPlace.district, PolicyPlace.name)).all()


def place_of(session: Session, code: str) -> PolicyPlace | None:
    """The place of a code, in use or retired, with its entry; None where it was never given."""
    query = select(PolicyPlace).join(PolicyPlace.entry).options(contains_eager(PolicyPlace.entry))
    return session.scalar(query.where(PolicyPlace.code == as_printed(code)))


def count_scan(context: Context, place_id: int, address: str) -> bool:
    """Count one scan for today. False, and nothing counted, where this address has had enough of this code.

    The address is kept nowhere: it is counted under a keyed hash that goes after 15 minutes
    (`hotline.citizens.guessing`).
    """
    key = key_of(context, "scan", f"{place_id} {network_of(address)}")
    day = context.now().astimezone(context.settings.zone).date()
    with context.writing() as session:
        if not take(session, context, key, COUNTED_PER_ADDRESS):
            return False
        insert_unless_there(session, ScanCount, place_id=place_id, day=day, count=0)
        row = update(ScanCount).where(ScanCount.place_id == place_id, ScanCount.day == day)
        session.execute(row.values(count=ScanCount.count + 1))
    return True


def _checked(names: Sequence[str], district: str) -> tuple[list[str], str]:
    wanted = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    area = " ".join(district.split())
    if not wanted:
        raise KnowledgeRefused(Obstacle.EMPTY, "names")
    if len(wanted) > MOST_AT_ONCE or any(len(name) > LONGEST_NAME for name in wanted):
        raise KnowledgeRefused(Obstacle.TOO_LONG, "names")
    if len(area) > LONGEST_DISTRICT:
        raise KnowledgeRefused(Obstacle.TOO_LONG, "district")
    return wanted, area
