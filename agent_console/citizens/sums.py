"""A small sum in words that a person answers at once: our own, without calls outside, pictures or scripts.

The sum lies signed in the form and nothing is kept here. With the count per address it makes flooding slow;
it is no proof that somebody is a person. The key in it makes two presses of one form one matter.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from agent_console.house import house
from agent_console.language import is_english
from agent_console.words import _

GOOD_FOR = timedelta(hours=2)  # long enough for somebody who writes slowly
_ZH = "零一二三四五六七八九"


@dataclass(frozen=True)
class Sum:
    """Two digits to add, and when they were asked for."""

    key: str
    first: int
    second: int
    asked_at: datetime

    @property
    def words(self) -> str:
        """The question."""
        return _("%(first)s 加 %(second)s 等于几？", first=_digit(self.first), second=_digit(self.second))

    def is_over(self) -> bool:
        """Whether it was asked for too long ago."""
        return house().context.now() - self.asked_at > GOOD_FOR

    def fits(self, typed: str) -> bool:
        """Whether this is the answer; digits of any width."""
        answer = unicodedata.normalize("NFKC", typed).strip()
        return answer.isdecimal() and len(answer) < 4 and int(answer) == self.first + self.second


def new_sum(key: str = "") -> Sum:
    """Another sum; for the same form with its key."""
    first, second = (1 + secrets.randbelow(9) for _n in range(2))
    return Sum(key or secrets.token_hex(16), first, second, house().context.now())


def sealed(asked: Sum) -> str:
    """As the form carries it."""
    return str(_signer().dumps([asked.key, asked.first, asked.second, asked.asked_at.isoformat()]))


def opened(token: str) -> Sum | None:
    """The sum of a form, or None where it is not ours."""
    try:
        key, first, second, at = _signer().loads(token[:500])
    except BadSignature:
        return None
    return Sum(str(key), int(first), int(second), datetime.fromisoformat(at))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="sum of a citizen's form")


def _digit(value: int) -> str:
    return str(value) if is_english() else _ZH[value]
