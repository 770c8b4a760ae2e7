"""The stories of all calls that are going on, each channel's events in the call that it ended up in."""

from collections.abc import Iterator

from ivr.cel import CallStory, CelRow


class Stories:
    """One story a `linkedid`. A channel that we dial has one of its own, until it meets the call that it is
    for: then what it did before is told there."""

    def __init__(self) -> None:
        self._stories: dict[str, CallStory] = {}
        self._owners: dict[str, str] = {}
        self._strays: dict[str, list[CelRow]] = {}

    def __iter__(self) -> Iterator[CallStory]:
        return iter(list(self._stories.values()))

    def get(self, linkedid: str) -> CallStory | None:
        """The story of this call, if it is still kept."""
        return self._stories.get(linkedid)

    def tell(self, row: CelRow) -> bool:
        """Add an event. Returns whether it began a new story."""
        new = row.linkedid not in self._stories
        if new:
            self._stories[row.linkedid] = CallStory(row.linkedid, row.at, row.at)
        for earlier in self._brought_along(row):
            self._stories[row.linkedid].tell(earlier)
        self._stories[row.linkedid].tell(row)
        return new

    def forget(self, linkedid: str) -> None:
        """This call is settled."""
        for uniqueid, rows in self._stories.pop(linkedid).channels().items():
            if any(row.event == "HANGUP" for row in rows):
                self._owners.pop(uniqueid, None)
            else:  # it has gone over into another call, and its next event will say so
                self._strays[uniqueid] = rows

    def _brought_along(self, row: CelRow) -> list[CelRow]:
        if row.event == "LINKEDID_END":
            return []
        owner = self._owners.get(row.uniqueid, row.linkedid)
        self._owners[row.uniqueid] = row.linkedid
        if owner == row.linkedid:
            return []
        if story := self._stories.get(owner):
            return story.release(row.uniqueid)
        return self._strays.pop(row.uniqueid, [])
