"""`hotline down` while people talk: nobody new is taken in, those who are there are waited for."""

import time
from collections.abc import Callable

from hotline.calls.ports import TelephoneAway
from hotline.cli import up
from hotline.config import Settings
from ivr.control.closing import ClosingOrders, GoingOn

LOOK_SECONDS = 1.0

Say = Callable[[str], object]


def bring_down(settings: Settings, wait_seconds: float, say: Say) -> bool:
    """Stop everything, once no call goes on or the time is over. False if nothing ran.

    Calls that still go on then count as cut off, and are owed a callback. Interrupted, all goes on as before.
    """
    if up.is_up(settings) and "pbx" in settings.own_processes:
        let_calls_end(ClosingOrders(settings), wait_seconds, say, bool(settings.pbxs))
    return up.stop(settings)


def let_calls_end(asterisk: ClosingOrders, wait_seconds: float, say: Say, others: bool) -> None:
    """Take no new calls, and return when the others are over or the time is. `others`: other machines do."""
    try:
        going_on = asterisk.going_on()
        if not going_on.calls or wait_seconds <= 0:
            _tell_cut_off(going_on, say)
            return
        say(_going_on(going_on))
        say(
            f"No new calls: {'other machines have them' if others else 'callers are promised a callback'}. "
            f"Waiting for the end of these, {wait_seconds:.0f} s at most.\n"
            "Ctrl+C: the hotline stays up. `hotline down --now` in another terminal: no more waiting."
        )
        _tell_cut_off(_waited(asterisk, going_on, wait_seconds, say), say)
    except TelephoneAway:
        say("Asterisk is not reached: nobody can be waited for.")


def _waited(asterisk: ClosingOrders, before: GoingOn, wait_seconds: float, say: Say) -> GoingOn:
    """What goes on in the end: mostly nothing."""
    due = time.monotonic() + wait_seconds
    now = before
    try:
        while now.calls and time.monotonic() < due:
            asterisk.take_no_more()
            time.sleep(min(LOOK_SECONDS, max(0.0, due - time.monotonic())))
            now = asterisk.going_on()
            if now != before and now.calls:
                say(_going_on(now))
            before = now
    except KeyboardInterrupt:
        asterisk.take_calls()
        raise
    return now


def _going_on(now: GoingOn) -> str:
    calls = "1 call goes on" if now.calls == 1 else f"{now.calls} calls go on"
    return f"{calls}: {now.talking} talking, {now.others} waiting or leaving a message."


def _tell_cut_off(left: GoingOn, say: Say) -> None:
    if left.calls:
        say(f"Ended with the hotline: {left.calls}, each cut off and owed a callback.")
