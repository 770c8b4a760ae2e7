"""The settings of one hotline: one frozen object, read from the environment and a file.

Every field can be set as `HOTLINE_<FIELD>` in the environment or as `<field>` in `hotline.toml`
(in the working directory, or where `HOTLINE_FILE` points). The environment wins. A wrong value or an
unknown name is refused with a `SettingsError` that names it: a silent default is how hotlines go deaf.
"""

import json
import os
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from hotline.deadlines.profiles import PROFILES, profiles_of_tracks
from hotline.line_settings import LineSettings, Port
from hotline.mailbox_settings import MailboxSettings
from hotline.notice_settings import NoticeSettings
from hotline.people.actors import Role
from hotline.retention.periods import RETENTION_DAYS, periods
from hotline.secret_file import Secrets, load_secrets
from hotline.setting_errors import SettingsError
from hotline.smtp_settings import SmtpSettings

PROJECT_ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT_PREFIX = "HOTLINE_"
FILE_VARIABLE = "HOTLINE_FILE"

ISSUER = r"^(https://[^\s]+|http://127\.0\.0\.1(:\d+)?(/[^\s]*)?)?$"
"""An OpenID Connect provider: over TLS, or on this machine."""

PROCESS = "pbx|ivr|live|transcribe|sweep|mail|web"


def _home_of_state() -> Path:
    """A checkout keeps its state inside itself; an installed package below the user's home."""
    if (PROJECT_ROOT / "pyproject.toml").exists():
        return PROJECT_ROOT / "var"
    return Path.home() / ".local" / "state" / "minsheng"


class Settings(LineSettings, MailboxSettings, NoticeSettings, SmtpSettings):
    """What an administrator may set: the parts for line, mail and official letters, and everything else.

    Ports are TCP or UDP numbers, spans carry their unit in the name.
    """

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

    web_host: str = Field(default="127.0.0.1", description="Address of the console")
    web_port: Port = Field(default=8000, description="Port of the console")
    public_url: Annotated[str, Field(pattern=r"^(https?://[^\s/]+)?$")] = Field(
        default="",
        description="Where people open the console through a reverse proxy, like https://12345.example",
    )

    processes: Annotated[str, Field(pattern=rf"^({PROCESS})(,({PROCESS}))*$")] = Field(
        default=PROCESS.replace("|", ","),
        description="What `hotline up` runs on this machine, where there are several, separated by commas",
    )

    tls_dir: str = Field(
        default="", description="Folder of certificates and keys; empty: `tls` in the state folder"
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
    follow_up_delay_seconds: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Wait between an accepted reply and the first follow-up call"
    )
    spoken_answers: bool = Field(
        default=False,
        description="Citizens may say their answers in a follow-up call, not only press keys. For a model "
        "that understands people; the small one of the repository does not",
    )
    follow_up_hours: Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$")] = Field(
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
    def tls_folder(self) -> Path:
        """Folder of certificates and keys."""
        return Path(self.tls_dir).expanduser().absolute() if self.tls_dir else self.state_dir / "tls"

    @property
    def evidence_folder(self) -> Path:
        """Folder of attached files."""
        own = self.state_dir / "evidence"
        return Path(self.evidence_dir).expanduser().absolute() if self.evidence_dir else own

    @property
    def own_processes(self) -> list[str]:
        """The processes of this machine, in the order of their start."""
        chosen = self.processes.split(",")
        wanted = {"live": self.live_text, "mail": bool(self.mailbox_host or self.smtp_host)}
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
