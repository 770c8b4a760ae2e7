"""Letters that no person wrote, or that went to many: no letter of ours answers them (RFC 3834, 2). Pure."""

import re
from email.message import EmailMessage

_OF_PROGRAMS = re.compile(
    r"(mailer-daemon|postmaster|listserv|majordomo|daemon|bounces?|do[._-]?not[._-]?reply|no[._-]?reply)"
    r"([+=._-].*)?|owner-.*|.*-(request|owner|bounces?)",
    re.IGNORECASE,
)
_TO_MANY = ("bulk", "list", "junk", "auto_reply")
_MUTE = {"all", "autoreply"}
"""Of Exchange: who sent it wants no answer by a program."""


def is_automatic(message: EmailMessage, sender: str) -> bool:
    """Whether answering might begin an endless talk of programs, or answer a list."""
    said = {name.lower(): str(value).strip().lower() for name, value in message.raw_items()}
    submitted = re.split(r"[;\s(]", said.get("auto-submitted", ""), maxsplit=1)[0]
    return (
        submitted not in ("", "no")
        or said.get("precedence", "") in _TO_MANY
        or said.get("return-path", "").replace(" ", "") == "<>"
        or any(name.startswith("list-") for name in said)
        or "x-autoreply" in said
        or "x-autorespond" in said
        or bool(_MUTE & set(re.split(r"[,\s]+", said.get("x-auto-response-suppress", ""))))
        or message.get_content_type() == "multipart/report"
        or _OF_PROGRAMS.fullmatch(sender.partition("@")[0]) is not None
    )
