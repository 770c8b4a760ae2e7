"""Several keys in a row, and several prompts."""

from collections.abc import Iterable

from ivr import variables
from ivr.agi.script import AgiCall

ANY_KEY = "0123456789*#"
END = "#"
BACK = "*"
WAIT_MILLISECONDS = 6000
END_MILLISECONDS = 2000
"""For the # behind the last key that is asked for: it must not count as the answer to what comes next."""


def keyed(call: AgiCall, question: str, most: int, wait_milliseconds: int = WAIT_MILLISECONDS) -> str | None:
    """Digits pressed after, or during, the question, to # or to a silence, or until more than `most`; None
    for the star, which means back."""
    digits = ""
    key = call.play(question, interrupted_by=ANY_KEY) or call.wait_for_digit(wait_milliseconds)
    while key and key != END:
        if key == BACK:
            return None
        digits += key
        if len(digits) > most:
            break
        is_whole = len(digits) == most
        key = call.wait_for_digit(min(END_MILLISECONDS, wait_milliseconds) if is_whole else wait_milliseconds)
    return digits


def say(call: AgiCall, prompts: Iterable[str]) -> None:
    """One after the other; any key ends all of them."""
    for prompt in prompts:
        if call.play(prompt, interrupted_by=ANY_KEY):
            return


def language_of(call: AgiCall) -> str:
    """`zh` or `en`: the channel's may have variants of its own behind it."""
    return call.read_variable(variables.LANGUAGE).partition("_")[0] or "zh"
