"""From channel events to legs with spans: who rang, talked, held and waited, and with whom.

Three ideas carry it. A *person* is a channel of a telephone; channels that only connect things (Local, the
line of a headset, announcers) make the bridges at their two ends one. Whoever is alone in a bridge talks with
nobody. And a leg that is put on hold (`HOLD`, `UNHOLD`, events of the dialplan's own, or a bridge with one of
the helpers of dialplan/talk.j2, which keep somebody company with music) talks with nobody either. Supervisors
who listen are in no bridge, and so never count.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hotline.calls.timeline import LegRole, Span, SpanKind, TimedLeg
from hotline.monitoring.rules import is_supervisors
from ivr.ami.events import extension_of
from ivr.cel import CelRow

_PERSON = re.compile(r"PJSIP/|SIP/|IAX2/|DAHDI/")
_HEADSET = re.compile(r"Local/(?P<extension>\d{2,10})@headset-[0-9a-f]+;1")
_LOCAL_HALF = re.compile(r"(?P<name>Local/.*);(?P<half>[12])")
_KEEPS = re.compile(r"Local/\w+@talk-keep-")  # makes music for a citizen on hold, or keeps the agent company
_KEEPS_COMPANY = re.compile(r"Local/\w+@talk-keep-")
_ENDS = ("HANGUP", "CHAN_END")
_A_MOMENT = 0.05  # seconds
_ASIDE = "holding_bridge"  # nobody in it hears anybody


@dataclass
class _Channel:
    """What is known of a channel up to the event that is being read."""

    uniqueid: str
    name: str
    started_at: datetime
    placed: bool
    """We rang it; else it called us, and never rings."""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    bridge: str | None = None
    held: bool = False
    spans: list[Span] = field(default_factory=list)

    @property
    def extension(self) -> str | None:
        found = _HEADSET.fullmatch(self.name)
        return found["extension"] if found else extension_of(self.name)

    @property
    def is_person(self) -> bool:
        return bool(_PERSON.match(self.name) or _HEADSET.fullmatch(self.name))


def legs_of(linkedid: str, rows: Sequence[CelRow], ended_at: datetime) -> list[TimedLeg]:
    """The legs of one call in the order of their coming. `rows` are all events of its channels, by time.

    `ended_at` is the end of those legs that have none of their own (Asterisk was killed).
    """
    board = _Board(linkedid)
    for row in sorted(rows, key=lambda row: row.at):
        board.advance(row.at)
        board.tell(row)
    board.advance(max(ended_at, board.now))
    return board.legs(ended_at)


class _Board:
    """All channels of a call at one moment; `advance` writes down what everybody did since the last."""

    def __init__(self, linkedid: str) -> None:
        self._linkedid = linkedid
        self._channels: dict[str, _Channel] = {}
        self._now: datetime | None = None

    @property
    def now(self) -> datetime:
        assert self._now is not None, "a call without events"  # noqa: S101
        return self._now

    def advance(self, to: datetime) -> None:
        """Everybody goes on with what they do until `to`."""
        since, self._now = self._now, to
        if since is None or to <= since:
            return
        living = [c for c in self._channels.values() if c.ended_at is None]
        heard = self._heard(living)
        rooms = _joined(living)
        kept = {rooms[c.bridge] for c in living if c.bridge and _KEEPS_COMPANY.match(c.name)}
        somebody_held = any(channel.held for channel in living)
        for channel in living:
            on_hold = somebody_held or rooms.get(channel.bridge) in kept
            _append(channel.spans, self._span(channel, heard[channel.uniqueid], on_hold, since, to))

    def tell(self, row: CelRow) -> None:
        """One event of one channel."""
        if row.event == "LINKEDID_END":
            return
        channel = self._channels.get(row.uniqueid)
        if channel is None:
            channel = _Channel(row.uniqueid, row.channel, row.at, placed=not _was_called(row))
            self._channels[row.uniqueid] = channel
        if row.event == "ANSWER":
            channel.answered_at = channel.answered_at or row.at
        elif row.event == "BRIDGE_ENTER":
            channel.answered_at = channel.answered_at or row.at
            channel.bridge = _bridge(row)
            channel.held = channel.held or bool(_KEEPS.match(row.channel))
        elif row.event == "BRIDGE_EXIT" and _bridge(row) in (None, channel.bridge):
            channel.bridge = None
        elif row.event in ("HOLD", "UNHOLD"):
            channel.held = row.event == "HOLD"
        elif row.event in _ENDS:
            channel.ended_at, channel.bridge, channel.held = row.at, None, False

    def legs(self, ended_at: datetime) -> list[TimedLeg]:
        """The people."""
        caller = self._caller()
        return [
            TimedLeg(
                channel.uniqueid,
                channel.name,
                _role(channel, caller),
                channel.extension,
                channel.started_at,
                channel.answered_at,
                channel.ended_at or max(ended_at, channel.started_at),
                tuple(channel.spans),
            )
            for channel in self._channels.values()
            if channel.is_person
        ]

    def _caller(self) -> _Channel | None:
        """Who called us, or whom an agent called; in a relay call, which begins with the department that we
        ring, whom it called."""
        outside = [c for c in self._channels.values() if c.is_person and not c.extension]
        if len(outside) > 1 and outside[0].placed and outside[0].uniqueid == self._linkedid:
            return outside[1]
        return outside[0] if outside else None

    def _span(
        self, channel: _Channel, heard: tuple[str, ...], on_hold: bool, begin: datetime, end: datetime
    ) -> Span:
        if heard:
            return Span(SpanKind.TALK, begin, end, heard)
        if channel.answered_at is None:
            return Span(SpanKind.RING if channel.placed else SpanKind.WAIT, begin, end)
        talked = any(span.kind is SpanKind.TALK for span in channel.spans)
        return Span(SpanKind.HOLD if on_hold and (talked or channel.held) else SpanKind.WAIT, begin, end)

    def _heard(self, living: Sequence[_Channel]) -> Mapping[str, tuple[str, ...]]:
        """Of each channel the people whom it hears."""
        rooms = _joined(living)
        people = [c for c in living if c.is_person and c.bridge and not c.held]
        return {
            channel.uniqueid: tuple(
                sorted(
                    other.uniqueid
                    for other in people
                    if other is not channel and rooms[other.bridge] == rooms.get(channel.bridge)
                )
            )
            if channel in people
            else ()
            for channel in living
        }


def _role(channel: _Channel, caller: _Channel | None) -> LegRole:
    if is_supervisors(channel.uniqueid):
        return LegRole.SUPERVISOR
    if channel.extension:
        return LegRole.AGENT
    return LegRole.CALLER if channel is caller else LegRole.THIRD


def _joined(living: Iterable[_Channel]) -> dict[str | None, str]:
    """Of each bridge the room that it is part of: the two halves of a Local channel join theirs."""
    halves: dict[str, list[str]] = {}
    rooms: dict[str | None, str] = {}
    for channel in living:
        if channel.bridge is None:
            continue
        rooms[channel.bridge] = channel.bridge
        if (found := _LOCAL_HALF.fullmatch(channel.name)) and not channel.is_person:
            halves.setdefault(found["name"], []).append(channel.bridge)
    for bridges in halves.values():
        if len(bridges) == 2:
            old, new = rooms[bridges[1]], rooms[bridges[0]]
            rooms = {bridge: new if room == old else room for bridge, room in rooms.items()}
    return rooms


def _append(spans: list[Span], span: Span) -> None:
    """Add a span. What goes on as it was makes the last one longer, and so does the moment in which people
    are moved from one bridge into another."""
    last = spans[-1] if spans else None
    same = last and (last.kind, last.others) == (span.kind, span.others)
    if last and last.end == span.begin and (same or span.seconds < _A_MOMENT):
        spans[-1] = Span(last.kind, last.begin, span.end, last.others)
    else:
        spans.append(span)


def _was_called(row: CelRow) -> bool:
    """A channel that begins in the dialplan called us; one that we ring goes to no extension but `s`."""
    return row.event == "CHAN_START" and row.extension not in ("", "s")


def _bridge(row: CelRow) -> str | None:
    """Which bridge was entered or left; None for one in which nobody hears anybody."""
    try:
        said = json.loads(row.extra) if row.extra else {}
    except ValueError:
        said = {}
    extra = said if isinstance(said, dict) else {}
    if extra.get("bridge_technology") == _ASIDE:
        return None
    # Events of an older file do not say which: those of one call are taken for one.
    return str(extra.get("bridge_id") or "the bridge")
