"""Options of a form's selections, from the console's words."""

from collections.abc import Iterable, Mapping

from wtforms import SelectChoice

from agent_console.words import LazyString


def options(*pairs: tuple[object, str | LazyString]) -> list[SelectChoice]:
    """An option for each value and its words, in this order."""
    return [SelectChoice(str(value), words) for value, words in pairs]


def options_of(words: Mapping[str, LazyString] | Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """An option for everything that has words."""
    pairs = words.items() if isinstance(words, Mapping) else words
    return options(*pairs)
