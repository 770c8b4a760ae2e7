"""Writing, changing, looking at again, withdrawing; readers' words and what becomes of them."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import events
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.dispatch.models import Category
from hotline.knowledge import index
from hotline.knowledge.models import CandidateDismissal, Complaint, Deed, Entry, EntryVersion, Feedback
from hotline.knowledge.queries import candidate
from hotline.knowledge.rules import EDITORS, LONGEST, READERS, Content, KnowledgeRefused, Obstacle, checked
from hotline.people.models import Department

EDIT = "edit the knowledge base"


def write_entry(context: Context, content: Content, of_ticket_id: int | None = None) -> int:
    """A new entry, perhaps out of an answered consultation. Returns its id."""
    context.actor.must_have(EDIT, *EDITORS)
    kept = checked(content)
    with context.writing() as session:
        _must_be_known(session, kept)
        if of_ticket_id is not None and candidate(session, of_ticket_id) is None:
            raise KnowledgeRefused(Obstacle.TAKEN)
        now = context.now()
        said = {**vars(kept), "variants": list(kept.variants)}
        entry = Entry(**said, changed_at=now, changed_by=context.actor.name, source_ticket_id=of_ticket_id)
        entry.looked_at(now)
        session.add(entry)
        try:
            session.flush()
        except IntegrityError:  # two editors took the same consultation
            raise KnowledgeRefused(Obstacle.TAKEN) from None
        index.renew(session, entry)
        log(session, context, entry, Deed.WRITTEN)
        return entry.id


def change_entry(
    context: Context, entry_id: int, seen: int, content: Content, reason: str = "", stays_public: bool = False
) -> None:
    """Say something else; `seen` is the version that the editor began with. What was said before is kept.

    Citizens read the new words only where the editor says that they are checked (`stays_public`).
    """
    context.actor.must_have(EDIT, *EDITORS)
    kept, why = checked(content), short("reason", reason)
    with context.writing() as session:
        entry = seen_entry(session, entry_id, seen)
        _must_be_known(session, kept)
        for name, value in vars(kept).items():
            setattr(entry, name, list(value) if name == "variants" else value)
        entry.looked_at(context.now())
        entry.is_public = entry.is_public and stays_public
        index.renew(session, entry)
        log(session, context, entry, Deed.CHANGED, why)


def confirm_entry(context: Context, entry_id: int, seen: int) -> None:
    """Looked at again, and still right."""
    context.actor.must_have(EDIT, *EDITORS)
    with context.writing() as session:
        entry = seen_entry(session, entry_id, seen)
        entry.looked_at(context.now())
        log(session, context, entry, Deed.REVIEWED)


def withdraw_entry(context: Context, entry_id: int, seen: int, reason: str) -> None:
    """Offered no more, from now on, for a reason. Citizens do not read it again by its being restored."""
    context.actor.must_have(EDIT, *EDITORS)
    why = short("reason", reason, must=True)
    with context.writing() as session:
        entry = seen_entry(session, entry_id, seen)
        if entry.withdrawn_at is not None:
            raise KnowledgeRefused(Obstacle.WITHDRAWN)
        entry.withdrawn_at, entry.is_public = context.now(), False
        log(session, context, entry, Deed.WITHDRAWN, why)


def restore_entry(context: Context, entry_id: int, seen: int) -> None:
    """Offered again."""
    context.actor.must_have(EDIT, *EDITORS)
    with context.writing() as session:
        entry = seen_entry(session, entry_id, seen)
        if entry.withdrawn_at is None:
            raise KnowledgeRefused(Obstacle.NOT_WITHDRAWN)
        entry.withdrawn_at = None
        entry.looked_at(context.now())
        log(session, context, entry, Deed.RESTORED)


def give_feedback(context: Context, entry_id: int, complaint: Complaint, words: str) -> None:
    """A reader says what is wrong with it."""
    context.actor.must_have("read the knowledge base", *READERS)
    said = short("words", words, must=True)
    with context.writing() as session:
        entry = get_entry(session, entry_id)
        session.add(
            Feedback(
                entry_id=entry.id,
                version=entry.version,
                complaint=complaint,
                words=said,
                at=context.now(),
                by=context.actor.name,
            )
        )
        events.record(session, context.now(), "knowledge.feedback", f"knowledge:{entry.id}")


def settle_feedback(context: Context, feedback_id: int, words: str) -> None:
    """An editor says what became of it; whoever gave it reads that on the entry's page."""
    context.actor.must_have(EDIT, *EDITORS)
    said = short("words", words, must=True)
    with context.writing() as session:
        feedback = session.get(Feedback, feedback_id, with_for_update=True)
        if feedback is None:
            raise KnowledgeRefused(Obstacle.UNKNOWN)
        if feedback.settled_at is not None:
            raise KnowledgeRefused(Obstacle.SETTLED)
        feedback.settled_at, feedback.settled_by = context.now(), context.actor.name
        feedback.settled_words = said
        events.record(session, context.now(), "knowledge.feedback", f"knowledge:{feedback.entry_id}")


def dismiss_candidate(context: Context, ticket_id: int) -> None:
    """No entry is to be made of this consultation. Told twice, changes nothing."""
    context.actor.must_have(EDIT, *EDITORS)
    with context.writing() as session:
        if candidate(session, ticket_id) is not None:
            insert_unless_there(
                session, CandidateDismissal, ticket_id=ticket_id, at=context.now(), by=context.actor.name
            )


def _must_be_known(session: Session, content: Content) -> None:
    if session.get(Department, content.owner_id) is None:
        raise KnowledgeRefused(Obstacle.UNKNOWN, "owner_id")
    if content.category_code is not None and session.get(Category, content.category_code) is None:
        raise KnowledgeRefused(Obstacle.UNKNOWN, "category_code")


def get_entry(session: Session, entry_id: int) -> Entry:
    """The entry, locked. Raises `KnowledgeRefused`."""
    entry = session.scalar(select(Entry).where(Entry.id == entry_id).with_for_update())
    if entry is None:
        raise KnowledgeRefused(Obstacle.UNKNOWN)
    return entry


def seen_entry(session: Session, entry_id: int, version: int) -> Entry:
    """The entry, if it still says what the editor saw."""
    entry = get_entry(session, entry_id)
    if entry.version != version:
        raise KnowledgeRefused(Obstacle.CHANGED_MEANWHILE)
    return entry


def short(name: str, text: str, must: bool = False) -> str:
    """A few words without blanks around them. Raises `KnowledgeRefused` with the field's name."""
    return KnowledgeRefused.written(name, text, LONGEST["words"], must)


def log(session: Session, context: Context, entry: Entry, deed: Deed, reason: str = "") -> None:
    """Write the entry's next version."""
    entry.changed_at, entry.changed_by = context.now(), context.actor.name
    entry.version += deed is not Deed.WRITTEN
    said = {name: getattr(entry, name) for name in Content.__dataclass_fields__}
    for name in ("valid_from", "valid_until"):
        said[name] = said[name].isoformat() if said[name] else None
    session.add(
        EntryVersion(
            entry_id=entry.id,
            version=entry.version,
            deed=deed,
            at=context.now(),
            by=context.actor.name,
            reason=reason,
            content=said,
        )
    )
    events.record(session, context.now(), "knowledge.changed", f"knowledge:{entry.id}", deed=deed.value)
