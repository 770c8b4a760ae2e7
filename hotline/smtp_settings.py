"""Settings of the server by which letters go out."""

from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from hotline.line_settings import Port
from hotline.mailbox_settings import OWN_HOSTS
from hotline.outbox.rules import is_mailable

_TLS_PORT = 465


class SmtpSettings(BaseSettings):
    """The part of `hotline.config.Settings` that is about letters that go out."""

    smtp_host: str = Field(
        default="", description="SMTP server by which letters are answered; empty: no mail goes out"
    )
    smtp_port: Port = Field(default=465, description="Its port; with starttls mostly 587")
    smtp_security: Literal["tls", "starttls", "none"] = Field(
        default="tls", description="How the server is reached; none: on this machine only"
    )
    smtp_user: str = Field(default="", description="User name at the SMTP server; empty: it asks for none")
    smtp_password_file: str = Field(
        default="", description="File with the password at the SMTP server", validate_default=True
    )
    smtp_sender: str = Field(
        default="",
        description="Address that letters come from, like 12345@city.example",
        validate_default=True,
    )

    @field_validator("smtp_password_file", mode="after")
    @classmethod
    def _whole_login(cls, file: str, values: object) -> str:
        given = getattr(values, "data", {})
        if not given.get("smtp_host"):
            return file
        if bool(file) != bool(given.get("smtp_user")):
            raise ValueError("smtp_user and smtp_password_file belong together")
        if given.get("smtp_security") == "none" and given["smtp_host"] not in OWN_HOSTS:
            raise ValueError("smtp_security none sends letters in clear: for this machine only")
        if given.get("smtp_security") == "starttls" and given.get("smtp_port") == _TLS_PORT:
            raise ValueError(f"smtp_port {_TLS_PORT} is that of tls; starttls has another, mostly 587")
        return file

    @field_validator("smtp_sender", mode="after")
    @classmethod
    def _one_address(cls, sender: str, values: object) -> str:
        if getattr(values, "data", {}).get("smtp_host") and not is_mailable(sender):
            raise ValueError("smtp_sender is one address, like 12345@city.example")
        return sender
