"""Channel events (CEL) as Asterisk writes them to a CSV, and the story of a call that they tell.

Columns by `asterisk_conf/hotline/cel_custom.conf.j2`: linkedid, uniqueid, event, time (UTC), caller's number,
extension, context, channel, peer, application, and what the event says besides, as JSON; files of older
versions end before that. https://docs.asterisk.org/ (CEL specification)
"""

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hotline.monitoring.rules import is_supervisors
from ivr.ami.events import extension_of

_COLUMNS = 8
_EXTRA = 10
_ENDS = ("HANGUP", "CHAN_END")
CITIZENS_CONTEXT = "from-trunk"


@dataclass(frozen=True)
class CelRow:
    """One event of one channel."""

    linkedid: str
    uniqueid: str
    event: str
    at: datetime
    number: str = field(repr=False)
    extension: str
    context: str
    channel: str
    extra: str = field(default="", repr=False)
    """JSON, or empty; a transfer's holds what was dialled."""


def parse_row(line: str) -> CelRow | None:
    """The row of a line, or None if the line is none: torn by a crash, or of another layout."""
    fields = next(csv.reader([line]), [])
    if len(fields) < _COLUMNS or not fields[0]:
        return None
    try:
        at = datetime.fromisoformat(fields[3])
    except ValueError:
        return None
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    number, extension, context, channel = fields[4:_COLUMNS]
    extra = fields[_EXTRA] if len(fields) > _EXTRA else ""
    return CelRow(fields[0], fields[1], fields[2], at, number, extension, context, channel, extra)


@dataclass
class AgentLeg:
    """An agent's channel in the story. `answered_at` is None while, or because, it only rang."""

    uniqueid: str
    channel: str
    extension: str
    answered_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass
class CallStory:
    """What the channel events told about one `linkedid`, in their order."""

    linkedid: str
    started_at: datetime
    last_at: datetime
    number: str = field(default="", repr=False)
    dialled: str = ""
    channel: str = ""
    context: str = ""
    answered_at: datetime | None = None
    queued_at: datetime | None = None
    ended_at: datetime | None = None
    cut_off: bool = False
    over: bool = False
    agents: dict[str, AgentLeg] = field(default_factory=dict)
    rows: list[CelRow] = field(default_factory=list, repr=False)
    rating: int | None = None
    """The key by which the caller said how they were served."""
    greeted_at: datetime | None = None
    greeting: tuple[str, ...] = ()
    """The prompts that the caller has heard to their end by then."""
    broken_at: datetime | None = None
    """An agent's line broke, and no agent has answered since."""
    ended_with_us: bool = False
    """Asterisk was stopped in the middle, and ended the call in good order."""
    sent_elsewhere: bool = False
    """This Asterisk took no new calls: another machine has it."""

    def is_citizens(self, numbers: Collection[str]) -> bool:
        """Whether a citizen dialled the hotline, and not the hotline a citizen or an agent something."""
        return self.context == CITIZENS_CONTEXT and self.dialled in numbers and not self.sent_elsewhere

    def tell(self, row: CelRow) -> None:
        """Add an event."""
        self.rows.append(row)
        self.last_at = max(self.last_at, row.at)
        if row.event == "LINKEDID_END":
            if row.linkedid != self.linkedid:
                return  # of the identity that a channel had before it came into this call
            self.over, self.ended_at = True, self.ended_at or row.at
        elif row.uniqueid == self.linkedid:
            self._tell_caller(row)
        elif (extension := extension_of(row.channel)) and not is_supervisors(row.uniqueid):
            leg = self.agents.setdefault(row.uniqueid, AgentLeg(row.uniqueid, row.channel, extension))
            if row.event == "ANSWER":
                leg.answered_at, self.broken_at = row.at, None
            elif row.event in _ENDS:
                leg.ended_at = leg.ended_at or row.at

    def channels(self) -> dict[str, list[CelRow]]:
        """The events of each channel."""
        found: dict[str, list[CelRow]] = {}
        for row in self.rows:
            found.setdefault(row.uniqueid, []).append(row)
        return found

    def gone_at(self, uniqueid: str) -> datetime | None:
        """When this channel ended; None if it has not been told."""
        leg = self.agents.get(uniqueid)
        ends = [row.at for row in self.rows if row.uniqueid == uniqueid and row.event in _ENDS]
        return leg.ended_at if leg else min(ends, default=None)

    def release(self, uniqueid: str) -> list[CelRow]:
        """Give up the events of a channel that turned out to belong to another call.

        That this one is over then says nothing of the other.
        """
        given = [row for row in self.rows if row.uniqueid == uniqueid and row.event != "LINKEDID_END"]
        self.rows = [row for row in self.rows if row.uniqueid != uniqueid]
        self.agents.pop(uniqueid, None)
        return given

    def cut(self) -> None:
        """Asterisk went down in the middle: there will be no more events."""
        if not self.over:
            self.over = self.cut_off = True

    def end_at(self, moment: datetime) -> None:
        """Say when everything was over that has no end of its own."""
        self.ended_at = self.ended_at or moment
        for leg in self.agents.values():
            leg.ended_at = leg.ended_at or self.ended_at

    def _tell_caller(self, row: CelRow) -> None:
        if row.event == "CHAN_START":
            self.started_at, self.number = row.at, row.number
            self.dialled, self.context, self.channel = row.extension, row.context, row.channel
        elif row.event == "ANSWER":
            self.answered_at = row.at
        elif row.event == "APP_START":
            self.queued_at = self.queued_at or row.at
        elif row.event == "BROKEN":
            self.broken_at = row.at
        elif row.event == "CUT_OFF":
            self.ended_with_us = True
        elif row.event == "ELSEWHERE":
            self.sent_elsewhere = True
        elif row.event == "GREETED":
            self.greeted_at, self.greeting = row.at, _greeting(row)
        elif row.event == "SATISFACTION":
            self.rating = self.rating or _rating(row)
        elif row.event in _ENDS:
            self.ended_at = self.ended_at or row.at


def _greeting(row: CelRow) -> tuple[str, ...]:
    """The prompts that the dialplan wrote down: `{"extra":"greeting&recording-notice"}`."""
    found = re.search(r'"extra":\s*"([\w&.-]{1,500})"', row.extra)
    return tuple(found[1].split("&")) if found else ()


def _rating(row: CelRow) -> int | None:
    """The key that the dialplan wrote down: `{"extra":"3"}`."""
    found = re.search(r'"extra":\s*"([1-5])"', row.extra)
    return int(found[1]) if found else None
