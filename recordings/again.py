"""A span of calls written down anew by another model, while everything runs."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from hotline.context import Context
from hotline.transcripts import again
from hotline.transcripts.again import ClaimedAgain, Wanted
from hotline.transcripts.service import ClaimLost
from recordings.speech_models import Hears
from recordings.tracks import Spool, TrackError
from recordings.transcriber import hear

_log = structlog.get_logger()


@dataclass(frozen=True)
class Done:
    """How many recordings have a new text, could not be read, or were another worker's."""

    written: int = 0
    unreadable: int = 0
    elsewhere: int = 0


def transcribe_again(
    context: Context,
    model: Hears,
    spool: Spool,
    wanted: Wanted,
    worker: str,
    told: Callable[[Done, int], None],
) -> Done:
    """Every recording of `wanted`, the oldest first. `told` hears after each what is done, of how many.

    Killed at any point it loses nothing: run again, it goes on with what is left.
    """
    total = again.count_wanted(context, wanted)
    done = Done()
    for claim in again.claims(context, wanted, worker):
        outcome = _one(context, model, spool, claim)
        done = Done(
            done.written + (outcome == "written"),
            done.unreadable + (outcome == "unreadable"),
            done.elsewhere + (outcome == "elsewhere"),
        )
        told(done, total)
    return done


def _one(context: Context, model: Hears, spool: Spool, claim: ClaimedAgain) -> str:
    paths = {track.track_id: track.path for track in claim.tracks}
    try:
        segments = hear(model, spool, paths, lambda: again.renew(context, claim))
        written = again.replace(context, claim, segments, model.name, model.sha256)
    except ClaimLost:
        return "elsewhere"
    except TrackError as error:
        again.give_back(context, claim)
        _log.warning("again.unreadable", recording=claim.recording_id, reason=str(error))
        return "unreadable"
    return "written" if written else "elsewhere"
