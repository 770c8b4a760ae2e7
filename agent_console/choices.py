"""Options of a form's selections, from the console's words."""

from collections.abc import Collection, Iterable, Mapping

from wtforms import SelectChoice

from agent_console.words import LazyString, _
from hotline.dispatch.models import Category


def options(*pairs: tuple[object, str | LazyString]) -> list[SelectChoice]:
    """An option for each value and its words, in this order."""
    return [SelectChoice(str(value), words) for value, words in pairs]


def options_of(words: Mapping[str, LazyString] | Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """An option for everything that has words."""
    pairs = words.items() if isinstance(words, Mapping) else words
    return options(*pairs)


def category_choices(
    categories: list[Category], english: bool, kept: Collection[str | None] = ()
) -> list[SelectChoice]:
    """Every class that is offered as `城市管理 / 油烟`, in the catalogue's order, after an empty one. Of the
    retired `kept` alone: what a matter, or a row, has already."""
    names = {c.code: c.name_en if english else c.name_zh for c in categories}
    offered = [c for c in categories if c.retired_at is None or c.code in kept]
    parents = {c.parent_code for c in offered}
    shown = [(c.code, _named(c, names)) for c in offered if c.code not in parents]
    return options(("", "—"), *shown)


def every_category(categories: list[Category], english: bool) -> list[SelectChoice]:
    """As `category_choices`, of retired classes too: to look for what has one."""
    return category_choices(categories, english, {c.code for c in categories})


def _named(category: Category, names: Mapping[str, str]) -> str:
    above = f"{names[category.parent_code]} / " if category.parent_code else ""
    name = f"{above}{names[category.code]}"
    return name if category.retired_at is None else _("%(name)s（已停用）", name=name)
