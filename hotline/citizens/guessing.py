"""Guesses are counted in the database, so that all processes count together, and before they are answered."""

import hmac
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from hotline.citizens.models import GuessCount
from hotline.context import Context
from hotline.database import insert_unless_there

WINDOW = timedelta(minutes=15)
WRONG_PER_ADDRESS = 20  # a library's or a carrier's address is that of many people
WRONG_PER_NUMBER = 5
SEARCHES_PER_ADDRESS = 300


class TooMany(Exception):
    """From this address came enough for now; again after `WINDOW`."""


def network_of(address: str) -> str:
    """The part of an address that one person cannot change at will: of IPv6 the first 64 bits."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return parsed.exploded[:19]
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def key_of(context: Context, kind: str, what: str) -> str:
    """What an address or a number is counted under."""
    secret = context.settings.secrets.flask.encode()
    return hmac.new(secret, f"guess {kind} {what}".encode(), sha256).hexdigest()


def is_free(session: Session, context: Context, key: str, most: int) -> bool:
    """Whether one more would be counted now. Counts nothing."""
    row = session.get(GuessCount, key)
    return row is None or row.begun_at <= context.now() - WINDOW or row.count < most


def take(session: Session, context: Context, key: str, most: int) -> bool:
    """Count one guess. False, and nothing counted, where there were `most` within the window."""
    insert_unless_there(session, GuessCount, key=key, begun_at=context.now(), count=0)
    row = update(GuessCount).where(GuessCount.key == key)
    session.execute(
        row.where(GuessCount.begun_at <= context.now() - WINDOW).values(begun_at=context.now(), count=0)
    )
    counted = session.execute(row.where(GuessCount.count < most).values(count=GuessCount.count + 1))
    return bool(counted.rowcount)  # type: ignore[attr-defined]


def count(context: Context, kind: str, address: str, most: int) -> None:
    """Count one thing of this kind that came from an address, right or wrong. Raises `TooMany`."""
    with context.writing() as session:
        free = take(session, context, key_of(context, kind, network_of(address)), most)
    if not free:
        raise TooMany


def count_search(context: Context, address: str) -> None:
    """Count a search in what is public, policies or services. Raises `TooMany`."""
    count(context, "search", address, SEARCHES_PER_ADDRESS)


def give_back(session: Session, *keys: str) -> None:
    """It was right, and so no guess."""
    rows = update(GuessCount).where(GuessCount.key.in_(keys), GuessCount.count > 0)
    session.execute(rows.values(count=GuessCount.count - 1))


def forget_old(context: Context) -> int:
    """Counts whose window is over are deleted. Returns how many."""
    with context.writing() as session:
        old = delete(GuessCount).where(GuessCount.begun_at <= context.now() - WINDOW)
        return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
