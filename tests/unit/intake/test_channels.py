"""The registry of channels, and when something may have come in."""

import re
from datetime import datetime, timedelta

import pytest

from hotline.contacts.channels import Entry, Tier, channels, own_of, typed_by
from hotline.intake.rules import IntakeRefused, Obstacle, check_received
from hotline.people.actors import Actor, Role
from hotline.tickets.numbers import is_ticket_number, ticket_number
from hotline.tickets.states import Channel
from tests.factories import CITY, local

NOW = local("2020-04-30 16:00")


def test_every_channel_is_complete_and_fits_a_number() -> None:
    for code, channel in channels().items():
        assert re.fullmatch("[A-Z]{2}", code)
        assert channel.zh
        assert channel.en
        assert is_ticket_number(ticket_number(NOW.date(), code, 7))
        assert (channel.entry is Entry.TYPED) == bool(channel.by), code


def test_the_registry_is_six_n_and_one_and_has_what_the_code_names() -> None:
    assert {channel.tier for channel in channels().values()} == set(Tier)
    named = {channels()[code].zh for code in ("DH", "RB", "GD", "RM", "ZX", "XF")}
    assert named == {"电话", "日报", "广播电视", "人民网留言板", "政府信箱", "信访局"}
    assert {str(code) for code in Channel} <= set(channels())
    assert [channels()[code].entry for code in Channel] == [Entry.MACHINE] * len(Channel)


def test_media_screeners_write_in_their_own_channels_only() -> None:
    for house, code in {"daily": "RB", "broadcast": "GD", "board": "RM"}.items():
        media = Actor(1, "media", frozenset({Role.MEDIA_SCREENER}), department_code=house)
        assert [channel.code for channel in typed_by(media)] == own_of(media) == [code]
    for nobody in (
        Actor(1, "media", frozenset({Role.MEDIA_SCREENER})),
        Actor(1, "journalist", frozenset({Role.PUBLISHER}), department_code="daily"),
    ):
        assert typed_by(nobody) == own_of(nobody) == []
    agent = Actor(2, "agent", frozenset({Role.AGENT}))
    assert len(typed_by(agent)) == len(channels()) - len(Channel)
    assert typed_by(Actor(3, "dispatcher", frozenset({Role.DISPATCHER}))) == []


@pytest.mark.parametrize(
    ("received_at", "why", "obstacle"),
    [
        (NOW, "", None),
        (local("2020-04-30 00:00"), "", None),
        (NOW + timedelta(minutes=1), "", Obstacle.IN_FUTURE),
        (NOW + timedelta(minutes=1), "迟到", Obstacle.IN_FUTURE),
        (local("2020-04-29 23:59"), "", Obstacle.NO_LATE_REASON),
        (local("2020-04-29 23:59"), "信件周末到达", None),
    ],
)
def test_when_it_was_received(received_at: datetime, why: str, obstacle: Obstacle | None) -> None:
    if obstacle is None:
        check_received(received_at, NOW, CITY, why)
        return
    with pytest.raises(IntakeRefused) as refused:
        check_received(received_at, NOW, CITY, why)
    assert refused.value.obstacle is obstacle
