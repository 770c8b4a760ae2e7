"""Which of a call's earlier findings are still the same when it is looked at anew. No database."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from hotline.consistency.rules import PAUSES, Finding, Kind

SAME_MOMENT_S = 5.0


class Known(Protocol):
    """A finding that is kept already."""

    kind: Kind
    at_s: float | None
    value: str


_Known = TypeVar("_Known", bound=Known)


def is_same(known: Known, finding: Finding) -> bool:
    """Whether both say the same of the call, so that what a person answered still holds.

    A silence is known by its moment, everything else by what it suggests: another place that was understood
    this time is another finding.
    """
    if known.kind is not finding.kind:
        return False
    if finding.kind in PAUSES:
        return abs((known.at_s or 0.0) - (finding.at_s or 0.0)) <= SAME_MOMENT_S
    return known.value == finding.value


def paired(
    known: Sequence[_Known], found: Sequence[Finding]
) -> Iterator[tuple[_Known | None, Finding | None]]:
    """Each finding with the one that it was before, None where it is new; then those that are gone."""
    left = list(known)
    for finding in found:
        before = next((one for one in left if is_same(one, finding)), None)
        if before is not None:
            left.remove(before)
        yield before, finding
    yield from ((one, None) for one in left)
