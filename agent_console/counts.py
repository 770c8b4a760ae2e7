"""How many there are of what is counted most, in the reader's language: English has a plural."""

from agent_console.words import _n


def pieces(number: int) -> str:
    """`12 件`, `12 tickets`."""
    return _n("%(num)d 件", "%(num)d 件", number)


def citizens(number: int) -> str:
    """`12 位市民`, `12 citizens`."""
    return _n("%(num)d 位市民", "%(num)d 位市民", number)
