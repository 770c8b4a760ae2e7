"""Options of a form's selections, from the console's words."""

from collections.abc import Iterable, Mapping

from wtforms import SelectChoice

from agent_console.words import LazyString
from hotline.dispatch.models import Category


def options(*pairs: tuple[object, str | LazyString]) -> list[SelectChoice]:
    """An option for each value and its words, in this order."""
    return [SelectChoice(str(value), words) for value, words in pairs]


def options_of(words: Mapping[str, LazyString] | Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """An option for everything that has words."""
    pairs = words.items() if isinstance(words, Mapping) else words
    return options(*pairs)


def category_choices(categories: list[Category], english: bool) -> list[SelectChoice]:
    """Every class as `城市管理 / 油烟`, in the catalogue's order, after an empty one."""
    names = {c.code: c.name_en if english else c.name_zh for c in categories}
    parents = {c.parent_code for c in categories}
    shown = [
        (c.code, f"{names[c.parent_code]} / {names[c.code]}" if c.parent_code else names[c.code])
        for c in categories
        if c.code not in parents
    ]
    return options(("", "—"), *shown)
