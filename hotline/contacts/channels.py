"""The registry of channels (来源渠道), kept as data in `channels.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from hotline.people.actors import Actor, Role

_LIST = Path(__file__).with_name("channels.toml")


class Tier(StrEnum):
    """6 + N + 1 (rulebook B1), and what is none of them."""

    SIX = "six"
    DEPARTMENTS = "departments"
    VILLAGES = "villages"
    OTHER = "other"


class Entry(StrEnum):
    """How a matter of this channel gets in."""

    TYPED = "typed"
    MACHINE = "machine"


@dataclass(frozen=True)
class ChannelFacts:
    """One channel. `by` are the roles that may write it in; `receipt`: the citizen gets number and code.

    `partner` is the code of the department whose own channel it is, empty for the hotline's.
    """

    code: str
    zh: str
    en: str
    tier: Tier
    entry: Entry
    by: frozenset[Role]
    numbered: bool
    receipt: bool
    partner: str = ""

    def may_type(self, actor: Actor) -> bool:
        """Whether the actor writes in what comes by it; media what comes by their own."""
        others = self.by - {Role.MEDIA_SCREENER}
        return self.entry is Entry.TYPED and (actor.has(*others) or self.is_own_of(actor))

    def is_own_of(self, actor: Actor) -> bool:
        """Whether it is the channel of the media house that the actor screens for."""
        ours = self.partner != "" and self.partner == actor.department_code
        return ours and actor.has(Role.MEDIA_SCREENER)


@cache
def channels() -> Mapping[str, ChannelFacts]:
    """Every channel by its code, in the order of the list."""
    with _LIST.open("rb") as listed:
        rows = tomllib.load(listed)["channel"]
    return {row["code"]: _facts(row) for row in rows}


def typed_by(actor: Actor) -> list[ChannelFacts]:
    """The channels that this person may write in."""
    return [channel for channel in channels().values() if channel.may_type(actor)]


def own_of(actor: Actor) -> list[str]:
    """Codes of the channels that are the actor's own media house's."""
    return [channel.code for channel in channels().values() if channel.is_own_of(actor)]


def is_own(actor: Actor, code: str) -> bool:
    """Whether what came by this channel is the actor's own media house's."""
    return code in own_of(actor)


def _facts(row: dict[str, object]) -> ChannelFacts:
    by = row["by"]
    assert isinstance(by, list)  # noqa: S101 (our own file; a test reads it)
    return ChannelFacts(
        code=str(row["code"]),
        zh=str(row["zh"]),
        en=str(row["en"]),
        tier=Tier(str(row["tier"])),
        entry=Entry(str(row["entry"])),
        by=frozenset(Role(role) for role in by),
        numbered=bool(row["numbered"]),
        receipt=bool(row["receipt"]),
        partner=str(row.get("partner", "")),
    )
