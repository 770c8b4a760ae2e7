"""When nobody speaks, out of the times of what was said. Pure."""

from collections.abc import Iterable

SHORTEST_S = 1.5
"""A shorter silence belongs to how people talk."""
AROUND_SPEECH_S = 0.3
"""Left before and behind all speech: recognisers' times are not exact, and no word may be cut."""


def pauses(spoken: Iterable[tuple[float, float]], seconds: float) -> list[tuple[float, float]]:
    """The silences of a call of so many seconds, in order, each without what is left around speech.

    `spoken` are spans in seconds of the call, of all speakers, in any order. Nothing where nobody was
    understood: then it is not known when somebody speaks.
    """
    found: list[tuple[float, float]] = []
    silent_since: float | None = None
    for start, end in sorted(spoken):
        since = silent_since or 0.0
        if start - since > SHORTEST_S:
            begins = 0.0 if silent_since is None else since + AROUND_SPEECH_S
            found.append((begins, start - AROUND_SPEECH_S))
        silent_since = max(since, end)
    if silent_since is not None and seconds - silent_since > SHORTEST_S:
        found.append((silent_since + AROUND_SPEECH_S, seconds))
    return found
