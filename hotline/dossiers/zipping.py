"""The ZIP of a ticket's file: one part after the other is added to it."""

import json
import re
import shutil
import zipfile
from pathlib import Path

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.dossiers.contents import ENCLOSURE, JSON_PART, SHEET_PART, TRACK, content_of
from hotline.dossiers.models import Dossier
from hotline.dossiers.ports import Workshop
from hotline.evidence.models import Attachment, Enclosure
from hotline.evidence.store import NoSuchFile, Store
from hotline.people.actors import Actor
from hotline.tickets import privacy
from hotline.transcripts.models import Track
from hotline.transcripts.ports import NoSuchTrack
from hotline.transcripts.privacy import silent_spans

_ENDINGS = {"audio/flac": "flac", "audio/x-flac": "flac"}


def place_of(context: Context, dossier_id: int) -> Path:
    """Where the ZIP lies: beside the attached files, which all machines share."""
    return context.settings.evidence_folder / "dossiers" / f"{dossier_id}.zip"


def restart(context: Context, dossier: Dossier) -> None:
    """Nothing is made yet."""
    place_of(context, dossier.id).unlink(missing_ok=True)
    dossier.done, dossier.missing, dossier.begun_at = 0, [], None


def add_part(
    session: Session, context: Context, workshop: Workshop, actor: Actor, dossier: Dossier, part: str
) -> bool:
    """Put one part into the ZIP. False where it is not there any more. Raises `OSError`, `ValueError`."""
    place = place_of(context, dossier.id)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with zipfile.ZipFile(place, "a", zipfile.ZIP_DEFLATED) as package:
        place.chmod(0o600)
        if part == JSON_PART:
            content = content_of(session, actor, dossier)
            package.writestr("工单.json", json.dumps(content, ensure_ascii=False, indent=1))
            return True
        if part == SHEET_PART:
            content = content_of(session, actor, dossier)
            package.writestr("工单.docx", workshop.printer(content, context.settings.zone))
            return True
        kind, _colon, row_id = part.partition(":")
        if kind == TRACK:
            return _add_track(session, workshop, actor, dossier, package, int(row_id))
        return _add_file(context, package, _file(session, kind, int(row_id)))


def _file(session: Session, kind: str, row_id: int) -> Attachment | Enclosure | None:
    if kind == ENCLOSURE:
        return session.get(Enclosure, row_id)
    return session.get(Attachment, row_id)


def _add_file(context: Context, package: zipfile.ZipFile, file: Attachment | Enclosure | None) -> bool:
    if file is None:
        return False
    try:
        content = Store.of(context.settings).get(file.sha256)
    except NoSuchFile:
        return False
    folder = "市民的附件" if isinstance(file, Enclosure) else "附件"
    package.writestr(f"{folder}/{file.id} {file.name}", content, zipfile.ZIP_STORED)
    return True


def _add_track(
    session: Session,
    workshop: Workshop,
    actor: Actor,
    dossier: Dossier,
    package: zipfile.ZipFile,
    track_id: int,
) -> bool:
    track = session.get(Track, track_id)
    silent = () if track is None or privacy.sees_identity(actor, dossier.ticket) else silent_spans(track)
    if track is None or silent is None:  # deleted meanwhile, or nobody knows what is personal in it
        return False
    try:
        sound = workshop.audio.playable(track.path, silent)
    except NoSuchTrack:
        return False
    speaker = re.sub(r"[^a-z]", "", track.speaker.value)
    name = f"录音/{track.recording_id} {track_id} {speaker}.{_ENDINGS.get(sound.media_type, 'wav')}"
    with sound.file, package.open(name, "w", force_zip64=True) as into:
        shutil.copyfileobj(sound.file, into)
    return True
