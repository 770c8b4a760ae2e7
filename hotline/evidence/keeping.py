"""Bytes before rows: a refusal in between leaves bytes that are taken back, never a row without bytes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.context import Context
from hotline.evidence import queries
from hotline.evidence.apart import Inspected
from hotline.evidence.faults import Fault, FileRefused
from hotline.evidence.store import Put, Store

log = structlog.get_logger()


@contextmanager
def kept(context: Context, files: Sequence[Inspected]) -> Iterator[None]:
    """The bytes are written before the transaction within begins; where it is refused they are gone again.

    Raises `FileRefused`. Whether the actor may bring files is asked by whoever calls.
    """
    place, written = Store.of(context.settings), list[Put]()
    each = {one.sha256: one for one in files}.values()
    try:
        for file in each:
            written.append(_put(place, file))
        yield
    except Exception:
        _take_back(context, place, [one for one in written if one.stamp is not None])
        raise
    for file in each:  # somebody who wrote the same at the same moment and was refused has taken it back
        _put(place, file)


def _put(place: Store, file: Inspected) -> Put:
    try:
        return place.put(file.content)
    except OSError as error:
        log.error("a file was not kept", error=type(error).__name__)
        raise FileRefused(file.name, Fault.NOT_KEPT) from None


def _take_back(context: Context, place: Store, written: Sequence[Put]) -> None:
    """Bytes that no row names: a refused file may show people, and nobody would ever delete it."""
    if not written:
        return
    try:
        with context.reading() as session:
            named = queries.named(session, [one.digest for one in written])
        for one in written:
            if one.digest not in named:
                place.take_back(one)
    except (OSError, SQLAlchemyError) as error:  # what is refused is told all the same
        log.error("bytes of a refused file stay", error=type(error).__name__)
