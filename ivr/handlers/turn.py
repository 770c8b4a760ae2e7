"""What a handler is given with each event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hotline.context import Context


@dataclass(frozen=True)
class Turn:
    """One event's turn: `context`, whose clock stands at the event, and what puts an act off by the grace."""

    context: Context
    later: Callable[[Callable[[], object]], None]


class Handles(Protocol):
    """Knows what to do with some kinds of events."""

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """By the event's class. Acts run one after another on the consumer's thread, in the order of the
        events, and are tried again while database or PBX are away: each may happen twice without harm."""
        ...
