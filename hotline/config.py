"""The settings of one hotline: one frozen object, read from the environment and a file.

Every field can be set as `HOTLINE_<FIELD>` in the environment or as `<field>` in `hotline.toml`
(in the working directory, or where `HOTLINE_FILE` points). The environment wins. A wrong value or an
unknown name is refused with a `SettingsError` that names it: a silent default is how hotlines go deaf.
"""

import json
import os
import re
import tomllib
from datetime import time
from functools import cached_property
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from hotline.deadlines.profiles import PROFILES, profiles_of_tracks
from hotline.numbering import NATIONAL
from hotline.people.actors import Role
from hotline.retention.periods import RETENTION_DAYS, periods
from hotline.secret_file import Secrets, load_secrets
from hotline.setting_errors import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT_PREFIX = "HOTLINE_"
FILE_VARIABLE = "HOTLINE_FILE"

PBX_NAME = r"^[a-z][a-z0-9]{0,11}$"
"""Of one Asterisk among several: the names of its calls begin with it and a hyphen."""

ISSUER = r"^(https://[^\s]+|http://127\.0\.0\.1(:\d+)?(/[^\s]*)?)?$"
"""An OpenID Connect provider: over TLS, or on this machine."""

PROCESS = "pbx|ivr|live|transcribe|sweep|mail|web"

_TLS_PORT = 993
_OWN_HOSTS = ("127.0.0.1", "::1", "localhost")

Port = Annotated[int, Field(ge=1, le=65535)]
OptionalPort = Annotated[int, Field(ge=0, le=65535)]


class PbxAddress(BaseModel, frozen=True):
    """One Asterisk of a hotline that has several: its name, and where the others reach it."""

    name: Annotated[str, Field(pattern=PBX_NAME)]
    host: str
    ami_port: Port = 5038
    websocket_port: Port = 8088


def _home_of_state() -> Path:
    """A checkout keeps its state inside itself; an installed package below the user's home."""
    if (PROJECT_ROOT / "pyproject.toml").exists():
        return PROJECT_ROOT / "var"
    return Path.home() / ".local" / "state" / "minsheng"


class Settings(BaseSettings):
    """What an administrator may set. Ports are TCP or UDP numbers, spans carry their unit in the name."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, frozen=True, extra="forbid")

    state_dir: Path = Field(default_factory=_home_of_state, description="Database, PBX state, secrets, logs")
    database_url: str = Field(
        default="", description="SQLAlchemy URL; empty: SQLite in state_dir", validate_default=True
    )
    spool_dir: Path = Field(
        default=PROJECT_ROOT / "recordings" / "spool", description="Recorded calls, by date and call"
    )
    cache_dir: Path = Field(
        default=Path.home() / ".cache" / "minsheng", description="The private PBX root, shared by checkouts"
    )
    vosk_model: Path = Field(
        default=PROJECT_ROOT / "recordings" / "models" / "small-zh", description="Folder of a Vosk model"
    )
    vosk_models: dict[str, Path] = Field(
        default={},
        description="Folders of models for calls in other languages, by the call plan's name of each, "
        'like {"en": "/opt/vosk-model-en-us-0.22"}',
    )
    vosk_device: Literal["cpu", "gpu"] = Field(
        default="cpu", description="gpu: Vosk's BatchModel, which needs a Vosk that was built for CUDA"
    )
    transcribe_workers: Annotated[int, Field(ge=1, le=64)] = Field(
        default=1, description="Processes that transcribe at the same time; they share the model's memory"
    )
    recording_key_file: str = Field(
        default="",
        description="File of keys that recordings are encrypted with, 32 bytes in base64 a line, the newest "
        "first; empty: they are not encrypted",
    )
    keep_as_flac: bool = Field(
        default=True, description="Keep tracks as FLAC, without loss, once they are transcribed"
    )
    retention_days: dict[str, int] = Field(
        default=dict(RETENTION_DAYS),
        description="Days after the call until it is deleted: audio, message (calls of nothing else), "
        "transcript; after the end of a ticket until its personal data go: ticket, file (attached ones), "
        "draft (never registered, from its first word); 0: never",
    )
    view_log_days: Annotated[int, Field(ge=0, le=36_500)] = Field(
        default=1095,
        description="Days for which it is kept who saw which ticket, and who had a citizen shown in full; "
        "0: for ever",
    )

    evidence_dir: str = Field(
        default="",
        description="Folder of files that departments attach, shared by all machines with a console; "
        "empty: `evidence` in the state folder",
    )
    evidence_bytes: Annotated[int, Field(ge=1024, le=200 * 1024 * 1024)] = Field(
        default=20 * 1024 * 1024, description="Largest file that may be attached"
    )
    evidence_files: Annotated[int, Field(ge=1, le=500)] = Field(
        default=20, description="Most files that a department may have on a ticket"
    )
    enclosure_bytes: Annotated[int, Field(ge=1024, le=50 * 1024 * 1024)] = Field(
        default=10 * 1024 * 1024, description="Largest file that a citizen may send along on the web page"
    )
    enclosure_files: Annotated[int, Field(ge=0, le=50)] = Field(
        default=10, description="Most files of a citizen with one matter; 0: none are taken"
    )
    enclosure_total_bytes: Annotated[int, Field(ge=1024, le=200 * 1024 * 1024)] = Field(
        default=30 * 1024 * 1024, description="Most bytes of a citizen's files with one matter, all together"
    )

    second_factor_roles: tuple[Role, ...] = Field(
        default=(),
        description="Roles that must have a second factor, like administrator and auditor: without one they "
        "come to its page alone; everybody may have one",
    )

    session_hours: Annotated[int, Field(ge=0, le=168)] = Field(
        default=14, description="A sign-in ends after so many hours, but never in a call; 0: not by its age"
    )
    session_idle_minutes: Annotated[int, Field(ge=0, le=1440)] = Field(
        default=240,
        description="A sign-in ends when nobody did anything for so long and its seat is not on duty; "
        "0: not by idleness",
    )

    oidc_issuer: Annotated[str, Field(pattern=ISSUER)] = Field(
        default="",
        description="OpenID Connect provider for single sign-on, like https://id.example; empty: off",
    )
    oidc_client_id: str = Field(default="", description="The hotline's name at the provider")
    oidc_client_secret_file: str = Field(
        default="", description="File with the hotline's secret at the provider; empty: a public client"
    )
    oidc_scopes: str = Field(default="openid profile", description="What the provider is asked for")
    oidc_claim: str = Field(
        default="preferred_username", description="The claim that holds the user name of the hotline"
    )
    oidc_creates_users: bool = Field(
        default=False, description="Somebody whom the hotline does not know becomes a user without any role"
    )
    local_passwords: bool = Field(
        default=True,
        description="Everybody may sign in by a password; off: administrators alone, the others by single "
        "sign-on",
    )

    mailbox_host: str = Field(
        default="", description="IMAP server whose letters become drafts; empty: no mailbox is read"
    )
    mailbox_port: Port = Field(default=993, description="Its port")
    mailbox_security: Literal["tls", "starttls", "none"] = Field(
        default="tls", description="How the mailbox is reached; none: on this machine only"
    )
    mailbox_user: str = Field(default="", description="User name at the mailbox")
    mailbox_password_file: str = Field(
        default="", description="File with the mailbox's password", validate_default=True
    )
    mailbox_folder: str = Field(default="INBOX", description="Folder of the mailbox that is read")
    mailbox_every_seconds: Annotated[int, Field(ge=5, le=3600)] = Field(
        default=60, description="The mailbox is asked for new letters every so many seconds"
    )
    mailbox_letters: Annotated[int, Field(ge=1, le=500)] = Field(
        default=50, description="Most letters that are read at a time; the others come next"
    )
    mailbox_letter_bytes: Annotated[int, Field(ge=1024, le=100 * 1024 * 1024)] = Field(
        default=20 * 1024 * 1024, description="A larger letter is set aside and told, not read"
    )

    live_text: bool = Field(default=True, description="What people say appears on the agent's page meanwhile")
    live_host: str = Field(
        default="127.0.0.1",
        description="Address that `hotline live` binds: this machine's Asterisk and consoles connect to it",
    )
    live_audio_port: Port = Field(default=4574, description="Where Asterisk sends what each speaker says")
    live_port: Port = Field(default=4575, description="Where consoles ask for what has been understood")
    live_calls: Annotated[int, Field(ge=0, le=10_000)] = Field(
        default=0,
        description="Most calls with live text at once on this machine; 0: as many as it can keep up with",
    )

    time_zone: str = Field(default="Asia/Shanghai", description="The city's clock; times are stored in UTC")
    language: Literal["zh", "en"] = Field(
        default="zh", description="Language of pages until the user chooses, and of prompts without a plan"
    )
    city: str = Field(default="demo", description="Name of the city in page titles and notices")

    sip_host: str = Field(default="127.0.0.1", description="Address that Asterisk binds for SIP and RTP")
    sip_port: Port = Field(default=5060, description="SIP over UDP")
    rtp_first: Port = Field(default=10000, description="First UDP port for audio")
    rtp_last: Port = Field(default=10999, description="Last UDP port for audio")
    websocket_port: Port = Field(default=8088, description="Asterisk's HTTP server: browser phones")
    ami_port: Port = Field(default=5038, description="Asterisk's manager interface")
    ami_host: str = Field(default="127.0.0.1", description="Address that the manager interface binds")
    agi_port: Port = Field(default=4573, description="FastAGI scripts, bound to 127.0.0.1")
    web_host: str = Field(default="127.0.0.1", description="Address of the console")
    web_port: Port = Field(default=8000, description="Port of the console")
    public_url: Annotated[str, Field(pattern=r"^(https?://[^\s/]+)?$")] = Field(
        default="",
        description="Where people open the console through a reverse proxy, like https://12345.example",
    )
    trunk_host: str = Field(default="127.0.0.2", description="The SIP trunk: the telephone network's address")
    trunk_port: Port = Field(default=5060, description="The SIP trunk's UDP port")
    hotline_number: Annotated[str, Field(pattern=r"^\d{3,15}$")] = Field(
        default="12345", description="The number that citizens dial"
    )

    processes: Annotated[str, Field(pattern=rf"^({PROCESS})(,({PROCESS}))*$")] = Field(
        default=PROCESS.replace("|", ","),
        description="What `hotline up` runs on this machine, where there are several, separated by commas",
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
    tls_dir: str = Field(
        default="", description="Folder of certificates and keys; empty: `tls` in the state folder"
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
    outgoing_hours: Annotated[str, Field(pattern=r"^[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d$")] = Field(
        default="07:00-22:00", description="Local hours in which agents may call numbers that they type"
    )
    outgoing_calls_a_minute: Annotated[int, Field(ge=1, le=60)] = Field(
        default=10,
        description="Calls out by one person; reaching it raises an alarm, typed numbers end there",
    )

    group_signal_citizens: Annotated[int, Field(ge=2, le=1000)] = Field(
        default=5,
        description="So many citizens who tell of the same in one community are a signal to dispatchers and "
        "supervisors",
    )
    group_signal_leaders: Annotated[int, Field(ge=2, le=10_000)] = Field(
        default=30, description="So many are a signal to leaders too"
    )
    group_signal_days: Annotated[int, Field(ge=1, le=90)] = Field(
        default=7, description="Counted are the tickets of so many days"
    )
    deadline_profile: str = Field(
        default="seed-2011",
        description="Profile of hotline/deadlines/profiles.py; holds while no version of the city's own does",
    )
    track_profiles: dict[str, str] = Field(
        default={},
        description="Profiles laid over the first for tickets of a track, the shorter due wins, "
        'like {"timely": "137"}',
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
    follow_up_delay_seconds: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Wait between an accepted reply and the first follow-up call"
    )
    spoken_answers: bool = Field(
        default=False,
        description="Citizens may say their answers in a follow-up call, not only press keys. For a model "
        "that understands people; the small one of the repository does not",
    )
    follow_up_hours: Annotated[str, Field(pattern=r"^[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d$")] = Field(
        default="08:30-21:00", description="Local hours in which citizens may be called"
    )

    @field_validator("state_dir", "spool_dir", "cache_dir", "vosk_model", mode="after")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("vosk_models", mode="after")
    @classmethod
    def _absolute_models(cls, models: dict[str, Path]) -> dict[str, Path]:
        return {language: path.expanduser().absolute() for language, path in models.items()}

    @field_validator("retention_days", mode="after")
    @classmethod
    def _known_kinds(cls, days: dict[str, int]) -> dict[str, int]:
        return periods(days)

    @field_validator("database_url", mode="after")
    @classmethod
    def _readable_url(cls, url: str) -> str:
        try:
            make_url(url or "sqlite://")
        except ArgumentError:  # its text holds the URL, and so perhaps a password
            raise ValueError("is no SQLAlchemy URL, like postgresql+psycopg://user@host/name") from None
        return url

    @field_validator("mailbox_password_file", mode="after")
    @classmethod
    def _whole_mailbox(cls, file: str, values: object) -> str:
        given = getattr(values, "data", {})
        if not given.get("mailbox_host"):
            return file
        if not file or not given.get("mailbox_user"):
            raise ValueError("a mailbox needs mailbox_user and mailbox_password_file")
        if given.get("mailbox_security") == "none" and given["mailbox_host"] not in _OWN_HOSTS:
            raise ValueError("mailbox_security none sends the password in clear: for this machine only")
        if given.get("mailbox_security") == "starttls" and given.get("mailbox_port") == _TLS_PORT:
            raise ValueError(f"mailbox_port {_TLS_PORT} is that of tls; starttls has another, mostly 143")
        return file

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

    @field_validator("deadline_profile", mode="after")
    @classmethod
    def _known_profile(cls, name: str) -> str:
        if name not in PROFILES:
            raise ValueError(f"no such profile; there are: {', '.join(PROFILES)}")
        return name

    @field_validator("track_profiles", mode="after")
    @classmethod
    def _known_tracks(cls, names: dict[str, str]) -> dict[str, str]:
        return profiles_of_tracks(names)

    @field_validator("time_zone", mode="after")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{name!r} is no time zone of this machine") from None
        return name

    @field_validator("rtp_last", mode="after")
    @classmethod
    def _ordered_rtp(cls, last: int, values: object) -> int:
        first = getattr(values, "data", {}).get("rtp_first", 0)
        if last - first < 20:
            raise ValueError("must be at least 20 above rtp_first")
        return last

    @field_validator("follow_up_hours", mode="after")
    @classmethod
    def _opens_before_it_closes(cls, hours: str) -> str:
        opens, closes = hours.split("-")
        if not opens < closes <= "24:00":
            raise ValueError("the first time must be before the second, and that 24:00 at the latest")
        return hours

    @model_validator(mode="after")
    def _lets_people_in(self) -> Self:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("oidc_issuer needs an oidc_client_id")
        if not self.oidc_issuer and not self.local_passwords:
            raise ValueError("local_passwords can be off only with an oidc_issuer")
        return self

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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = TomlConfigSettingsSource(settings_cls, Path(os.environ.get(FILE_VARIABLE, "hotline.toml")))
        return init_settings, env_settings, file

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{self.state_dir / 'hotline.sqlite'}"

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def all_pbxs(self) -> tuple[PbxAddress, ...]:
        """Every Asterisk of the hotline; one without a name where there is only one."""
        alone = PbxAddress.model_construct(
            name="", host=self.ami_host, ami_port=self.ami_port, websocket_port=self.websocket_port
        )
        return self.pbxs or (alone,)

    @property
    def tls_folder(self) -> Path:
        """Folder of certificates and keys."""
        return Path(self.tls_dir).expanduser().absolute() if self.tls_dir else self.state_dir / "tls"

    @property
    def evidence_folder(self) -> Path:
        """Folder of attached files."""
        own = self.state_dir / "evidence"
        return Path(self.evidence_dir).expanduser().absolute() if self.evidence_dir else own

    @property
    def uses_tls(self) -> bool:
        """Whether Asterisk needs a certificate."""
        return bool(self.sip_tls_port or self.websocket_tls_port or self.trunk_transport == "tls")

    @property
    def outgoing_span(self) -> tuple[time, time]:
        """`outgoing_hours` as times of the city's clock."""
        opens, closes = self.outgoing_hours.split("-")
        return time.fromisoformat(opens), time.fromisoformat(closes)

    @property
    def own_processes(self) -> list[str]:
        """The processes of this machine, in the order of their start."""
        chosen = self.processes.split(",")
        wanted = {"live": self.live_text, "mail": bool(self.mailbox_host)}
        return [name for name in PROCESS.split("|") if name in chosen and wanted.get(name, True)]

    @property
    def live_address(self) -> str:
        """Where programs on this machine reach `hotline live`."""
        return "127.0.0.1" if self.live_host == "0.0.0.0" else self.live_host  # noqa: S104

    @property
    def console_url(self) -> str:
        """Where people open the console."""
        return self.public_url or f"http://{self.web_host}:{self.web_port}"

    @property
    def classifier(self) -> Path:
        """Where `hotline train` leaves what it learnt, with its reports beside it."""
        return self.state_dir / "classifier" / "classifier.npz"

    @cached_property
    def secrets(self) -> Secrets:
        """This installation's secrets; made and written at first use."""
        return load_secrets(self.state_dir)

    def environment(self) -> dict[str, str]:
        """These settings as environment variables, for a process that must see the same ones."""
        words = {
            name: json.dumps(value, default=str) if isinstance(value, list | tuple | dict) else str(value)
            for name, value in self.model_dump().items()
        }
        return {f"{ENVIRONMENT_PREFIX}{name.upper()}": value for name, value in words.items()}


def _unknown_variables() -> list[str]:
    known = {f"{ENVIRONMENT_PREFIX}{name.upper()}" for name in Settings.model_fields} | {FILE_VARIABLE}
    return sorted(name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX) and name not in known)


def load_settings(**overrides: object) -> Settings:
    """Settings of this process. Raises `SettingsError` naming every wrong or unknown setting."""
    named_file = os.environ.get(FILE_VARIABLE)
    if named_file and not Path(named_file).exists():
        raise SettingsError(f"{FILE_VARIABLE} names a file that is not there: {named_file}")
    if unknown := _unknown_variables():
        raise SettingsError(f"unknown settings in the environment: {', '.join(unknown)}")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"wrong settings: {wrong}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"hotline.toml is not valid TOML: {error}") from None
