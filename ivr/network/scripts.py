"""What citizens and agents usually do at their telephones."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ivr.network.line import Line, Script


def complain(
    speech: Sequence[Path],
    until: Callable[[], bool],
    before_hanging_up: Callable[[], bool] | None = None,
    patience: float = 120,
) -> Script:
    """Wait until `until()` (an agent is there), say everything, hang up once `before_hanging_up()` holds.

    Without `before_hanging_up` the citizen waits for the agent to hang up. `patience` is in seconds, for
    each wait.
    """

    def script(line: Line) -> None:
        line.answer()
        line.wait_until(until, patience)
        for file in speech:
            line.say(file)
        if before_hanging_up is None:
            line.listen_to_the_end(patience)
        else:
            line.wait_until(before_hanging_up, patience)

    return script


def talk_as_agent(
    speech: Sequence[Path], ring: float = 0.5, until: Callable[[], bool] | None = None
) -> Script:
    """Pick up after `ring` seconds, say everything, and stay until `until()` holds or the caller hangs up."""

    def script(line: Line) -> None:
        line.ring(ring)
        line.answer()
        for file in speech:
            line.say(file)
        if until is None:
            line.listen_to_the_end()
        else:
            line.wait_until(until, 300)

    return script


def answer_by_keys(keys: Sequence[str], silence: int = 1500, ring: float = 0.5) -> Script:
    """Pick up, and after every prompt (a voice, then `silence` ms of quiet) press the next of `keys`."""

    def script(line: Line) -> None:
        line.ring(ring)
        line.answer()
        for key in keys:
            line.hear_voice()
            line.hear_silence(silence)
            line.press(key)
        line.listen_to_the_end(60)

    return script


def listen(seconds: float = 300) -> Script:
    """Pick up, say nothing, and stay until the other side hangs up, at most `seconds`."""

    def script(line: Line) -> None:
        line.answer()
        line.listen(seconds)

    return script


def hang_up_early(seconds: float) -> Script:
    """Pick up and hang up after so many seconds, whatever is being said."""
    return listen(seconds)


def ring_out(seconds: float = 120) -> Script:
    """Let it ring until the other side gives up."""

    def script(line: Line) -> None:
        line.ring(seconds)

    return script


def turn_busy() -> Script:
    """The line is engaged."""

    def script(line: Line) -> None:
        line.refuse_as_busy()

    return script
