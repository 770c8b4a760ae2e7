"""Codes of public pages and of places: printed on posters, typed by people, never given twice."""

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hotline.tickets.numbers import QUERY_ALPHABET

LENGTH = 6


def new_code(session: Session, column: InstrumentedAttribute[Any]) -> str:
    """A random code that no row has in this column."""
    while True:
        code = "".join(secrets.choice(QUERY_ALPHABET) for _ in range(LENGTH))
        if session.scalar(select(column).where(column == code)) is None:
            return code


def as_printed(typed: str) -> str:
    """What somebody typed, as it is printed."""
    return typed.strip().upper()[: 2 * LENGTH]
