"""What citizens may read: an editor says so, for the words that stand there, and nobody else does.

Nothing becomes public by itself: not by being written, imported or restored, and changed words only where the
editor says that they are checked (decision 0069).
"""

from hotline.context import Context
from hotline.knowledge.codes import new_code
from hotline.knowledge.models import Deed, Entry
from hotline.knowledge.rules import EDITORS, LONGEST_CHAIN, KnowledgeRefused, Obstacle
from hotline.knowledge.service import EDIT, log, seen_entry, short


def publish_entry(context: Context, entry_id: int, seen: int, checked: bool, is_notice: bool = False) -> str:
    """Citizens may read it as it stands, from now on; the editor has `checked` it word by word, which is its
    review. Returns the code of its page, the same for ever. Raises `KnowledgeRefused`."""
    context.actor.must_have(EDIT, *EDITORS)
    if not checked:
        raise KnowledgeRefused(Obstacle.UNCHECKED, "checked")
    today = context.now().astimezone(context.settings.zone).date()
    with context.writing() as session:
        entry = seen_entry(session, entry_id, seen)
        if entry.withdrawn_at is not None:
            raise KnowledgeRefused(Obstacle.WITHDRAWN)
        if entry.valid_until is not None and entry.valid_until < today:
            raise KnowledgeRefused(Obstacle.EXPIRED)
        if not entry.is_public:
            entry.published_at = context.now()
        entry.public_code = entry.public_code or new_code(session, Entry.public_code)
        entry.is_public, entry.is_notice = True, is_notice
        entry.looked_at(context.now())
        log(session, context, entry, Deed.PUBLISHED)
        return entry.public_code


def unpublish_entry(context: Context, entry_id: int, seen: int, reason: str) -> None:
    """Citizens read it no more; people at work still do."""
    context.actor.must_have(EDIT, *EDITORS)
    why = short("reason", reason, must=True)
    with context.writing() as session:
        entry = seen_entry(session, entry_id, seen)
        if not entry.is_public:
            raise KnowledgeRefused(Obstacle.NOT_PUBLIC)
        entry.is_public = False
        log(session, context, entry, Deed.UNPUBLISHED, why)


def name_successor(context: Context, entry_id: int, seen: int, successor_id: int | None) -> None:
    """To which entry the page leads once this one is over; None for none. Raises `KnowledgeRefused`."""
    context.actor.must_have(EDIT, *EDITORS)
    with context.writing() as session:
        entry = seen_entry(session, entry_id, seen)
        if successor_id is not None:
            _must_not_lead_back(session.get(Entry, successor_id), entry)
        entry.successor_id = successor_id
        log(session, context, entry, Deed.SUCCEEDED, str(successor_id or ""))


def _must_not_lead_back(successor: Entry | None, entry: Entry) -> None:
    if successor is None:
        raise KnowledgeRefused(Obstacle.UNKNOWN, "successor")
    following: Entry | None = successor
    for _ in range(LONGEST_CHAIN):
        if following is None:
            return
        if following.id == entry.id:
            break
        following = following.successor
    raise KnowledgeRefused(Obstacle.IN_A_CIRCLE, "successor")
