"""What is kept of an Asterisk: that it is about to be stopped, told once each time that something changes."""

from datetime import timedelta

from hotline.calls.machines import Closing, pbx_seen, pbxs_closing
from hotline.context import Context
from hotline.events import since
from tests.factories import FixedClock


def waited_for(context: Context) -> list[int]:
    with context.reading() as session:
        return [pbx.going_on for pbx in pbxs_closing(session, context)]


def changes(context: Context) -> int:
    with context.reading() as session:
        return sum(event.kind == "pbx.changed" for event in since(session, 0))


def test_an_asterisk_that_is_about_to_be_stopped(context: Context, clock: FixedClock) -> None:
    pbx_seen(context, True)
    before = changes(context)
    for going_on in (2, 2, 1):
        clock.advance(seconds=3)
        pbx_seen(context, True, Closing(clock.now() + timedelta(seconds=10), going_on))
        assert waited_for(context) == [going_on]
    assert changes(context) == before + 2
    clock.advance(seconds=10)  # said no more
    assert waited_for(context) == []
    pbx_seen(context, True)
    assert (waited_for(context), changes(context)) == ([], before + 3)
