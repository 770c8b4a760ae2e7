"""The four tracks: each has a rule, and what it proposes fits it."""

import pytest
from pydantic import ValidationError

from hotline.config import Settings
from hotline.deadlines.profiles import PROFILES
from hotline.tickets.states import TicketTrack, Urgency
from hotline.tickets.tracks import TRACKS, fits


@pytest.mark.parametrize("track", TicketTrack)
def test_every_track_has_a_rule_that_agrees_with_itself(track: TicketTrack) -> None:
    rule = TRACKS[track]
    assert fits(track, rule.proposes)
    assert len(set(rule.urgencies)) == len(rule.urgencies)
    assert rule.binding or set(rule.urgencies) == set(Urgency)
    assert rule.profile in ("", *PROFILES)


@pytest.mark.parametrize(
    ("track", "urgency", "fitting"),
    [
        (TicketTrack.SPECIAL, Urgency.NORMAL, False),
        (TicketTrack.SPECIAL, Urgency.URGENT, True),
        (TicketTrack.SPECIAL, Urgency.FLASH, True),
        (TicketTrack.TIMELY, Urgency.FLASH, True),
        (TicketTrack.HIGH_LEVEL, Urgency.NORMAL, True),
    ],
)
def test_only_the_special_track_is_bound_to_an_urgency(
    track: TicketTrack, urgency: Urgency, fitting: bool
) -> None:
    assert fits(track, urgency) is fitting


@pytest.mark.parametrize(
    ("laid_over", "said"),
    [({"fast": "137"}, "no track 'fast'"), ({"timely": "138"}, "no deadline profile '138'")],
)
def test_an_unknown_track_or_profile_is_refused_loudly(laid_over: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings(track_profiles=laid_over)
