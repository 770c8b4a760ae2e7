"""The full-text index of the knowledge base: one row an entry."""

from sqlalchemy.orm import Session

from hotline.knowledge.models import Entry
from hotline.text_index import TextIndex

ENTRIES = TextIndex("knowledge_index")


def texts_of(entry: Entry) -> list[str]:
    """The texts by which an entry is found, the question first."""
    return [text for text in (entry.title, *entry.variants, entry.answer, entry.legal_basis) if text]


def renew(session: Session, entry: Entry) -> None:
    """Make the entry findable by what it says now."""
    ENTRIES.remove(session, [entry.id])
    ENTRIES.add(session, {entry.id: "\n".join(texts_of(entry))})
