"""What is in a ticket's file: every row of the list of personal data, as far as the person may read it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.dossiers.models import Dossier, Ground
from hotline.dossiers.rules import INTERNAL_COLUMNS, INTERNAL_TABLES, OURS_ALONE, SKIPPED
from hotline.evidence import enclosures
from hotline.evidence.models import Enclosure
from hotline.evidence.queries import attachments_of
from hotline.evidence.rules import may_open
from hotline.people.actors import Actor
from hotline.retention.erasing import TABLES, Eraser, belongs
from hotline.retention.personal import PERSONAL, Fate
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.transcripts.privacy import can_be_silenced, readable
from hotline.transcripts.queries import recordings_of_contact

JSON_PART, SHEET_PART = "json", "sheet"
ATTACHMENT, ENCLOSURE, TRACK = "attachment", "enclosure", "track"


def parts_of(session: Session, actor: Actor, ticket: Ticket, ground: Ground) -> list[str]:
    """What goes into the ZIP, like `json`, `attachment:3`, `track:5`: what this person may open or hear."""
    parts = [JSON_PART, SHEET_PART]
    parts += [f"{ENCLOSURE}:{one.id}" for one in _enclosures(session, actor, ticket)]
    if ground is Ground.HAND_OVER:  # a department's photographs show others
        files = (one for one in attachments_of(session, ticket.id) if may_open(actor, ticket, one))
        parts += [f"{ATTACHMENT}:{one.id}" for one in files if not one.is_withdrawn]
    if privacy.may_listen(actor, ticket):
        sees = privacy.sees_identity(actor, ticket)
        for recording in recordings_of_contact(session, ticket.contact_id):
            if recording.audio_deleted_at is None and (sees or can_be_silenced(recording)):
                parts += [f"{TRACK}:{track.id}" for track in recording.tracks]
    return parts


def content_of(session: Session, actor: Actor, dossier: Dossier) -> dict[str, Any]:
    """Tables by name, rows as objects, times as ISO 8601 in UTC; and what was said, speaker by speaker."""
    ticket = dossier.ticket
    sees = privacy.sees_identity(actor, ticket)
    eraser = None if sees else Eraser.of(ticket)
    roots = {"ticket": ticket.id}
    if privacy.may_listen(actor, ticket):  # not where a sealed matter was told in the same call
        roots["contact"] = ticket.contact_id
    left_out = SKIPPED | (INTERNAL_TABLES if dossier.ground is Ground.ACCESS else frozenset())
    tables = {
        name: _rows(session, name, roots, eraser, dossier.ground) for name in PERSONAL if name not in left_out
    }
    return {
        "number": ticket.number,
        "ground": dossier.ground.value,
        "receiver": dossier.receiver,
        "reason": dossier.reason,
        "ordered_by": dossier.ordered_by.display_name,
        "ordered_at": dossier.ordered_at.isoformat(),
        "masked": not sees,
        "tables": {name: rows for name, rows in tables.items() if rows},
        "said": _said(session, actor, ticket),
    }


def _enclosures(session: Session, actor: Actor, ticket: Ticket) -> Sequence[Enclosure]:
    return enclosures.enclosures_of(session, ticket.id) if enclosures.may_open(actor, ticket) else ()


def _rows(
    session: Session, name: str, roots: Mapping[str, int], eraser: Eraser | None, ground: Ground
) -> list[dict[str, Any]]:
    table = TABLES[name]
    hidden = OURS_ALONE.get(name, frozenset())
    hidden |= INTERNAL_COLUMNS.get(name, frozenset()) if ground is Ground.ACCESS else frozenset()
    columns = [column for column in table.columns if column.name not in hidden]
    found = session.execute(select(*columns).where(belongs(name, roots)).order_by(table.c.id)).mappings()
    fates = dict(PERSONAL[name].fates)
    if PERSONAL[name].goes and "name" in table.c:
        fates["name"] = Fate.EMPTY
    rows = []
    for row in found:
        kept = dict(row)
        if eraser is not None:
            kept |= {
                key: eraser.after(table.c[key], fate, kept[key]) for key, fate in fates.items() if key in kept
            }
        rows.append({key: _plain(value) for key, value in kept.items()})
    return rows


def _said(session: Session, actor: Actor, ticket: Ticket) -> list[dict[str, Any]]:
    if not privacy.may_listen(actor, ticket):
        return []
    sees = privacy.sees_identity(actor, ticket)
    return [
        {"recording": recording.id, "speaker": line.speaker.value, "at_s": line.start_s, "text": line.text}
        for recording in recordings_of_contact(session, ticket.contact_id)
        for line in readable(recording, sees)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
