"""How often one address may do something: what is said when it was too often, and how long to wait."""

from flask import request

from agent_console.citizens.shown import Page
from agent_console.house import house
from agent_console.words import _
from hotline.citizens.guessing import WINDOW, TooMany, count_search

TOO_OFTEN = 429, {"Retry-After": str(int(WINDOW.total_seconds()))}
"""Status and headers (seconds)."""


def address() -> str:
    """Whom a request counts against."""
    return request.remote_addr or ""


def answered(page: str, problem: str) -> Page:
    """A page of what was searched, or of why it was not."""
    return (page, *TOO_OFTEN) if problem else page


def searched_too_often(words: str) -> str:
    """Counts a search for these words; what is wrong where there were too many, else nothing."""
    if not words:
        return ""
    try:
        count_search(house().context, address())
    except TooMany:
        return _("从这个地址查找的次数太多，请 15 分钟后再查，或拨打热线。")
    return ""
