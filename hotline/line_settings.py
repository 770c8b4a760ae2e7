"""Settings of the telephone line: addresses and ports, security, calls out, queue and seats."""

import re
from datetime import time
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator
from pydantic_settings import BaseSettings

from hotline.numbering import NATIONAL

PBX_NAME = r"^[a-z][a-z0-9]{0,11}$"
"""Of one Asterisk among several: the names of its calls begin with it and a hyphen."""

Port = Annotated[int, Field(ge=1, le=65535)]
OptionalPort = Annotated[int, Field(ge=0, le=65535)]


class PbxAddress(BaseModel, frozen=True):
    """One Asterisk of a hotline that has several: its name, and where the others reach it."""

    name: Annotated[str, Field(pattern=PBX_NAME)]
    host: str
    ami_port: Port = 5038
    websocket_port: Port = 8088


class LineSettings(BaseSettings):
    """The part of `hotline.config.Settings` that is about the telephone."""

    sip_host: str = Field(default="127.0.0.1", description="Address that Asterisk binds for SIP and RTP")
    sip_port: Port = Field(default=5060, description="SIP over UDP")
    rtp_first: Port = Field(default=10000, description="First UDP port for audio")
    rtp_last: Port = Field(default=10999, description="Last UDP port for audio")
    websocket_port: Port = Field(default=8088, description="Asterisk's HTTP server: browser phones")
    ami_port: Port = Field(default=5038, description="Asterisk's manager interface")
    ami_host: str = Field(default="127.0.0.1", description="Address that the manager interface binds")
    agi_port: Port = Field(default=4573, description="FastAGI scripts, bound to 127.0.0.1")
    trunk_host: str = Field(default="127.0.0.2", description="The SIP trunk: the telephone network's address")
    trunk_port: Port = Field(default=5060, description="The SIP trunk's UDP port")
    hotline_number: Annotated[str, Field(pattern=r"^[0-9]{3,15}$")] = Field(
        default="12345", description="The number that citizens dial"
    )
    pbx_name: Annotated[str, Field(pattern=f"{PBX_NAME}|^$")] = Field(
        default="", description="This machine's Asterisk, where there are several; empty: there is one"
    )
    pbxs: tuple[PbxAddress, ...] = Field(
        default=(),
        description="Every Asterisk of the hotline, this machine's too, as a list of tables "
        "with `name`, `host`, `ami_port`, `websocket_port`; empty: there is one",
    )

    sip_tls_port: OptionalPort = Field(
        default=0, description="SIP over TLS; 0: none. See `hotline certificates`"
    )
    websocket_tls_port: OptionalPort = Field(
        default=0, description="Browser telephones over TLS without a reverse proxy; 0: none"
    )
    desk_encryption: Literal["none", "offered", "required"] = Field(
        default="none", description="SRTP of desk telephones (browser telephones always encrypt)"
    )
    trunk_transport: Literal["udp", "tls"] = Field(default="udp", description="SIP of the trunk")
    trunk_encryption: bool = Field(default=False, description="SRTP of the trunk, required")
    phone_networks: tuple[IPv4Network, ...] = Field(
        default=(), description="Where telephones may register from, like 10.1.0.0/16; empty: anywhere"
    )
    ami_networks: tuple[IPv4Network, ...] = Field(
        default=(IPv4Network("127.0.0.1/32"),),
        description="Where the manager interface may be used from: our own machines",
    )
    bad_registrations: Annotated[int, Field(ge=3, le=1000)] = Field(
        default=10,
        description="Wrong passwords from one address in ten minutes: an alarm and a ban",
    )
    ban_minutes: Annotated[int, Field(ge=0, le=10080)] = Field(
        default=60, description="How long such an address is refused; 0: not at all, fail2ban does it"
    )
    never_banned: tuple[IPv4Network, ...] = Field(
        default=(),
        description="Networks never refused for it, beside the trunk and our own machines",
    )
    phone_account_hours: Annotated[int, Field(ge=1, le=24)] = Field(
        default=10, description="Life of a browser telephone's SIP account; signing out ends it sooner"
    )

    outgoing_patterns: tuple[str, ...] = Field(
        default=NATIONAL,
        description="Regular expressions of numbers that may be called; foreign and premium ones never are",
    )
    outgoing_hours: Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$")] = Field(
        default="07:00-22:00", description="Local hours in which agents may call numbers that they type"
    )
    outgoing_calls_a_minute: Annotated[int, Field(ge=1, le=60)] = Field(
        default=10,
        description="Calls out by one person; reaching it raises an alarm, typed numbers end there",
    )
    queue_timeout_seconds: Annotated[int, Field(ge=5, le=3600)] = Field(
        default=300, description="After this wait the caller is offered a message and is owed a callback"
    )
    announce_after_seconds: Annotated[int, Field(ge=1, le=300)] = Field(
        default=5,
        description="A caller who still waits after so long is told place and wait for the first time",
    )
    announce_every_seconds: Annotated[int, Field(ge=5, le=600)] = Field(
        default=45, description="Then again every so many seconds"
    )
    callback_delay_seconds: Annotated[int, Field(ge=0, le=86400)] = Field(
        default=60, description="A caller who hung up while waiting may call again for so long before we do"
    )
    ring_seconds: Annotated[int, Field(ge=2, le=60)] = Field(
        default=15, description="So long an agent's telephone rings before the call goes to the next"
    )
    misses_before_pause: Annotated[int, Field(ge=1, le=20)] = Field(
        default=2, description="An agent who lets so many calls in a row ring is paused"
    )
    wrap_up_seconds: Annotated[int, Field(ge=0, le=600)] = Field(
        default=20, description="Pause of an agent after a call"
    )
    silent_leg_seconds: Annotated[int, Field(ge=3, le=120)] = Field(
        default=6, description="An agent's telephone that sends no audio for so long is taken to be gone"
    )
    agent_return_seconds: Annotated[int, Field(ge=0, le=60)] = Field(
        default=10, description="So long the same agent is fetched back when the line broke in a talk"
    )
    satisfaction_by_key: bool = Field(
        default=True, description="Ask the caller for a key from 1 to 5 when the agent has hung up"
    )
    disposition_required: bool = Field(
        default=False, description="The wrap-up ends only once the agent has said how the call went"
    )
    rest_hours: Annotated[int, Field(ge=0, le=24)] = Field(
        default=11, description="Hours of rest that the roster keeps between two shifts of a person"
    )

    @field_validator("outgoing_patterns", mode="after")
    @classmethod
    def _are_patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
        return patterns

    @field_validator("outgoing_hours", mode="after")
    @classmethod
    def _are_times(cls, hours: str) -> str:
        for text in hours.split("-"):
            time.fromisoformat(text)
        return hours

    @field_validator("rtp_last", mode="after")
    @classmethod
    def _ordered_rtp(cls, last: int, values: object) -> int:
        first = getattr(values, "data", {}).get("rtp_first", 0)
        if last - first < 20:
            raise ValueError("must be at least 20 above rtp_first")
        return last

    @field_validator("pbxs", mode="after")
    @classmethod
    def _names_this_machine(cls, pbxs: tuple[PbxAddress, ...], values: object) -> tuple[PbxAddress, ...]:
        names = [pbx.name for pbx in pbxs]
        if len(set(names)) < len(names):
            raise ValueError("two have the same name")
        own = getattr(values, "data", {}).get("pbx_name", "")
        if pbxs and own and own not in names:
            raise ValueError(f"lacks this machine's own, {own} (HOTLINE_PBX_NAME)")
        return pbxs

    @property
    def all_pbxs(self) -> tuple[PbxAddress, ...]:
        """Every Asterisk of the hotline; one without a name where there is only one."""
        alone = PbxAddress.model_construct(
            name="", host=self.ami_host, ami_port=self.ami_port, websocket_port=self.websocket_port
        )
        return self.pbxs or (alone,)

    @property
    def uses_tls(self) -> bool:
        """Whether Asterisk needs a certificate."""
        return bool(self.sip_tls_port or self.websocket_tls_port or self.trunk_transport == "tls")

    @property
    def outgoing_span(self) -> tuple[time, time]:
        """`outgoing_hours` as times of the city's clock."""
        opens, closes = self.outgoing_hours.split("-")
        return time.fromisoformat(opens), time.fromisoformat(closes)
