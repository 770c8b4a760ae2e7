"""Settings of the mailbox whose letters become drafts."""

from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from hotline.line_settings import Port

_TLS_PORT = 993
OWN_HOSTS = ("127.0.0.1", "::1", "localhost")


class MailboxSettings(BaseSettings):
    """The part of `hotline.config.Settings` that is about letters by mail."""

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

    @field_validator("mailbox_password_file", mode="after")
    @classmethod
    def _whole_mailbox(cls, file: str, values: object) -> str:
        given = getattr(values, "data", {})
        if not given.get("mailbox_host"):
            return file
        if not file or not given.get("mailbox_user"):
            raise ValueError("a mailbox needs mailbox_user and mailbox_password_file")
        if given.get("mailbox_security") == "none" and given["mailbox_host"] not in OWN_HOSTS:
            raise ValueError("mailbox_security none sends the password in clear: for this machine only")
        if given.get("mailbox_security") == "starttls" and given.get("mailbox_port") == _TLS_PORT:
            raise ValueError(f"mailbox_port {_TLS_PORT} is that of tls; starttls has another, mostly 143")
        return file
