"""Puts the files of a recording into the form in which they are kept: FLAC without loss, encrypted.

Nothing is lost however this ends: a file gets its new form under a draft's name, is read back and compared by
the hash of its samples, is renamed, is written into the table, and only then the old one goes.
"""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import structlog

from hotline.context import Context
from hotline.transcripts import keeping
from hotline.transcripts.keeping import ClaimedFiles, KeptTrack
from recordings.sealed import seal
from recordings.sound_files import Sound, TrackError, as_flac, blocks, open_sound
from recordings.tracks import ENCRYPTED, Spool, stem_of

_log = structlog.get_logger()
FORMS = (".wav", ".flac", f".wav{ENCRYPTED}", f".flac{ENCRYPTED}")


class Keeper:
    """Works through the recordings that are due, one at a time."""

    def __init__(self, context: Context, spool: Spool) -> None:
        self._context = context
        self._spool = spool
        self._flac = context.settings.keep_as_flac

    def run_once(self) -> bool:
        """Keep the recording that is due first. False if none is."""
        claim = keeping.claim_files(self._context)
        if claim is None:
            return False
        try:
            for track in claim.tracks:
                self._keep(claim, track)
        except OSError as error:
            keeping.put_off(self._context, claim.recording_id)
            _log.error("keeper.failed", recording=claim.recording_id, error=type(error).__name__)
        else:
            keeping.files_kept(self._context, claim.recording_id)
        return True

    def _keep(self, claim: ClaimedFiles, track: KeptTrack) -> None:
        try:
            path = self._kept(claim, track)
        except TrackError as error:  # a file that is gone, or is none: it stays as it is
            _log.warning("keeper.left_alone", track=track.track_id, reason=str(error))
            return
        stem = self._spool.root / stem_of(path)
        for form in FORMS:
            other = stem.with_name(stem.name + form)
            if other != self._spool.path_of(path):
                other.unlink(missing_ok=True)

    def _kept(self, claim: ClaimedFiles, track: KeptTrack) -> str:
        """Path of the track after this, complete and written into the table."""
        form, digest = ".wav", track.samples_sha256
        if track.path.endswith((".flac", f".flac{ENCRYPTED}")):
            form = ".flac"
        content: BinaryIO | None = None
        if self._flac and claim.transcribed and form == ".wav":
            content, digest = self._as_flac(track)
            form = ".flac" if content else form
        path = stem_of(track.path) + form + (ENCRYPTED if self._spool.key else "")
        if path == track.path or (track.path.endswith(ENCRYPTED) and content is None):
            return track.path
        with content or self._spool.file(track.path) as plain:
            self._write(plain, path)
        keeping.track_lies_at(self._context, track.track_id, path, digest)
        return path

    def _as_flac(self, track: KeptTrack) -> tuple[BinaryIO | None, str]:
        """FLAC that holds the same samples, and their hash; None for what it cannot hold without loss."""
        try:
            with self._spool.open(track.path) as sound:
                digest = samples_sha256(sound)
                if not sound.is_plain or not sound.frames:
                    return None, digest
                flac = as_flac(sound)
                kept = samples_sha256(open_sound(flac))
                flac.seek(0)
        except TrackError:
            return None, track.samples_sha256
        if kept != digest or track.samples_sha256 not in ("", digest):
            _log.error("keeper.not_the_same", track=track.track_id)
            return None, track.samples_sha256
        return flac, digest

    def _write(self, plain: BinaryIO, path: str) -> None:
        final = self._spool.path_of(path)
        draft = final.with_name(f"{final.name}.draft")
        try:
            with draft.open("wb") as file:
                if self._spool.key:
                    seal(plain, file, self._spool.key, stem_of(path))
                else:
                    file.write(plain.read())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(final)
            _settle(final.parent)
        finally:
            draft.unlink(missing_ok=True)


def samples_sha256(sound: Sound) -> str:
    """SHA-256 over the samples, 16 bits little endian, however they are kept."""
    digest = hashlib.sha256()
    for block in blocks(sound):
        digest.update(block.astype("<i2").tobytes())
    return digest.hexdigest()


def _settle(folder: Path) -> None:
    """The folder's entry for the new file survives a crash of the machine."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
