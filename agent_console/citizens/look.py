"""How the citizens' pages look: larger type, more contrast. Kept in a cookie of its own, for a year."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from flask import request
from werkzeug.wrappers import Response

from agent_console.words import LazyString, _l

COOKIE = "look"
KEPT_FOR = timedelta(days=365)
LOOKS = ("large", "high")
BLUEPRINTS = ("citizens", "writing", "policies", "services")
"""The pages that have this look."""

# What a button does: with the look off, and with it on.
_BUTTONS: dict[str, tuple[LazyString, LazyString]] = {
    "large": (_l("大字"), _l("正常字号")),
    "high": (_l("高对比"), _l("正常颜色")),
}


class Button(NamedTuple):
    """A button of the switch: `value` is all that is on once it is pressed."""

    value: str
    words: LazyString


def chosen() -> list[str]:
    """What is on for this request, as classes of the page; whatever else a cookie says is passed over."""
    return known(request.cookies.get(COOKIE, ""))


def buttons(on: Sequence[str] | None = None) -> list[Button]:
    """One for each look, without a script: each names the state that it leads to."""
    now = chosen() if on is None else on
    return [
        Button(".".join(one for one in LOOKS if (one in now) != (one == look)), words[look in now])
        for look, words in _BUTTONS.items()
    ]


def remember(response: Response, wanted: str) -> Response:
    """Keep it in this browser. Two words and nothing of the person."""
    response.set_cookie(
        COOKIE,
        ".".join(known(wanted)),
        max_age=KEPT_FOR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def known(text: str) -> list[str]:
    """Those looks that a text names, in their order."""
    wanted = text[:40].split(".")
    return [one for one in LOOKS if one in wanted]
