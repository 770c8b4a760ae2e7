"""Answers that a page needs several times, asked of the database once.

A page is read through many small functions, and several of its parts ask the same: whose the ticket is, what
supervision wants of it, which words are signals. In a session that keeps its answers such a question is asked
once, and what is known before is not asked at all. A session that writes keeps none: there the answer may be
another one line later.
"""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Query = Callable[Concatenate[Session, Given], Answer]

_KEPT = "answers"


def keep_answers(session: Session) -> None:
    """From now on the session remembers what functions marked `asked_once` have answered.

    Raises `ValueError` for a session that writes.
    """
    if session.get_bind().get_execution_options().get("writes"):
        raise ValueError("a session that writes asks anew")
    session.info.setdefault(_KEPT, {})


def asked_once(query: Query[Given, Answer]) -> Query[Given, Answer]:
    """Mark a function that only reads: of the session, and of what else it is given, all of it hashable.

    Its answer is shared by whoever asks, and so is not to be changed.
    """

    @wraps(query)
    def asked(session: Session, /, *given: Given.args, **named: Given.kwargs) -> Answer:
        kept: dict[Hashable, Any] | None = session.info.get(_KEPT)
        if kept is None or named:
            return query(session, *given, **named)
        question = (asked, given)
        if question not in kept:
            kept[question] = query(session, *given, **named)
        return kept[question]  # type: ignore[no-any-return]

    return asked


def is_known(session: Session, query: Query[Given, Answer], answer: Answer, *given: Hashable) -> None:
    """This is what the marked function would answer: it is not asked. The session keeps answers."""
    session.info[_KEPT][(query, given)] = answer
