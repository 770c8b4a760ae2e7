"""What a claim tells a worker, and how long it lasts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.calls.service import open_call
from hotline.context import Context
from hotline.transcripts.models import Recording, Speaker
from hotline.transcripts.notices import notice_given, notice_heard, notice_of
from hotline.transcripts.service import (
    CLAIM_LASTS,
    ClaimLost,
    TrackFile,
    claim_recording,
    register_recording,
    renew_claim,
)
from tests.factories import FixedClock

PROMPTS = ("greeting", "recording-notice")


def recorded(context: Context, linkedid: str = "a") -> int:
    call_id = open_call(context, linkedid, "13800001234", "12345").call_id
    track = TrackFile(Speaker.CALLER, f"2020/04/30/{linkedid}/caller.wav", 3.0)
    register_recording(context, linkedid, f"2020/04/30/{linkedid}", [track])
    return call_id


def test_a_claim_knows_what_the_call_was_held_in(context: Context) -> None:
    call_id = recorded(context)
    notice_given(context, call_id, "en", "", 3, PROMPTS)
    notice_given(context, call_id, "zh", "yue", 3, PROMPTS)
    claim = claim_recording(context, "one")
    assert claim is not None
    assert claim.languages == ("yue", "zh")


def test_of_a_call_without_a_notice_no_language_is_known(context: Context) -> None:
    recorded(context)
    claim = claim_recording(context, "one")
    assert claim is not None
    assert claim.languages == ()


def test_a_worker_that_renews_keeps_its_claim_for_hours(context: Context, clock: FixedClock) -> None:
    recorded(context)
    claim = claim_recording(context, "one")
    assert claim is not None
    for _ in range(100):
        clock.advance(seconds=CLAIM_LASTS.total_seconds() - 1)
        assert claim_recording(context, "other") is None
        renew_claim(context, claim)
    clock.advance(seconds=CLAIM_LASTS.total_seconds() + 1)
    taken = claim_recording(context, "other")
    assert taken is not None
    assert (taken.recording_id, taken.tries) == (claim.recording_id, 2)
    with pytest.raises(ClaimLost):
        renew_claim(context, claim)


def test_what_was_heard_out_is_not_changed_by_a_later_key(context: Context) -> None:
    """A caller who presses the language's key while waiting has consented to what came before."""
    call_id = recorded(context)
    notice_given(context, call_id, "zh", "", 3, PROMPTS)
    notice_heard(context, "a", PROMPTS, context.now())
    notice_given(context, call_id, "en", "en", 3, ("greeting",))
    notice_heard(context, "a", ("greeting",), context.now() + timedelta(minutes=1))
    with context.reading() as session:
        notice = notice_of(session, call_id)
        assert notice is not None
        assert notice.heard_at == context.now()
        assert [prompt["name"] for prompt in notice.prompts] == list(PROMPTS)
        assert notice.tongue == "en", "but the transcript is in what the call was held in"


def test_a_recording_is_kept_only_after_it_was_settled(context: Context) -> None:
    recorded(context)
    with context.reading() as session:
        assert session.scalars(select(Recording)).one().keep_due_at is None
