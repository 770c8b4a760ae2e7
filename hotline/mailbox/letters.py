"""A letter as it came (RFC 5322, MIME) becomes sender, subject, text and attachments. Pure.

What is declared is not believed where it is wrong: text that is not of its charset is tried as UTF-8 and
GB18030, as are headings that were sent without any.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import NamedTuple

from hotline.mailbox.automatic import is_automatic

LONGEST_TEXT = 6000
LONGEST_SUBJECT = 200
LONGEST_ADDRESS = 254
LONGEST_NAME = 60
LONGEST_FILE_NAME = 80
MOST_PARTS = 50
MOST_ANSWERED = 50
_MOST_HTML = 500_000
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_NOT_KEPT = re.compile(r"[\x00\ud800-\udfff]")  # no database holds them
_LATIN, _CHINESE = re.compile(r"[A-Za-z]"), re.compile(r"[\u3400-\u9fff]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030"}
_SILENT = {"script", "style", "head", "title", "template", "noscript"}
_BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "blockquote", "hr"}


class Unreadable(ValueError):
    """The letter's form is so broken that nothing can be made of it."""


class Part(NamedTuple):
    """An attachment: its name, or what it says it is, and its bytes; none of a letter within the letter."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """`is_cut`: the text goes on. `is_automatic`: no person wrote it, or to many.

    `answers` are the Message-IDs that it names, first what it answers, then what was before.
    """

    message_id: str
    sender: str
    sender_name: str
    subject: str
    text: str
    parts: tuple[Part, ...] = ()
    is_cut: bool = False
    is_automatic: bool = False
    answers: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Subject and text, as they stand in the matter; empty where there are none."""
        return "\n".join(part for part in (self.subject, self.text) if part)

    @property
    def tongue(self) -> str:
        """`en` where it has Latin letters and not one Chinese character, else `zh`."""
        return "en" if _LATIN.search(self.words) and not _CHINESE.search(self.words) else "zh"


def read(raw: bytes) -> Letter:
    """The letter. Raises `Unreadable`."""
    try:
        return _letter(email.message_from_bytes(raw, policy=default))
    except Exception as error:  # noqa: BLE001 (the parser raises anything; one letter stops no other)
        raise Unreadable(type(error).__name__) from None


def _letter(message: EmailMessage) -> Letter:
    name, sender = parseaddr(_header(message, "from"))  # before what is encoded in it could look like another
    leaves = list(_leaves(message))
    plain = [leaf for leaf in leaves if _is_text(leaf, "text/plain")]
    html = [leaf for leaf in leaves if _is_text(leaf, "text/html")]
    text = "\n".join(_decoded(leaf) for leaf in plain).strip()
    if not text:
        text = without_tags("\n".join(_decoded(leaf) for leaf in html))
    others = [leaf for leaf in leaves if leaf not in plain and leaf not in html]
    text = _NOT_KEPT.sub("\ufffd", text.replace("\r\n", "\n"))
    return Letter(
        message_id=_header(message, "message-id"),
        sender=_on_a_line(sender)[:LONGEST_ADDRESS],
        sender_name=_on_a_line(_unencoded(name))[:LONGEST_NAME],
        subject=_on_a_line(_unencoded(_header(message, "subject")))[:LONGEST_SUBJECT],
        text=text[:LONGEST_TEXT].strip(),
        parts=tuple(Part(_name_of(leaf), _payload(leaf)) for leaf in others[:MOST_PARTS]),
        is_cut=len(text) > LONGEST_TEXT,
        is_automatic=is_automatic(message, sender),
        answers=_answers(message),
    )


def _answers(message: EmailMessage) -> tuple[str, ...]:
    before = _MESSAGE_ID.findall(_header(message, "references"))
    named = dict.fromkeys([*_MESSAGE_ID.findall(_header(message, "in-reply-to")), *reversed(before)])
    return tuple(named)[:MOST_ANSWERED]


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """Parts that have no parts; a letter within the letter is one of them."""
    if message.get_content_maintype() != "multipart":
        yield message
        return
    parts = message.get_payload()
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, EmailMessage):
            yield from _leaves(part)


def _is_text(part: EmailMessage, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(part: EmailMessage) -> str:
    return _as_text(_payload(part), part.get_content_charset() or "utf-8")


def _as_text(content: bytes, charset: str) -> str:
    for encoding in (_WIDER.get(charset.lower(), charset), "utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except (ValueError, LookupError):
            continue
    return content.decode("utf-8", "replace")


def _header(message: EmailMessage, name: str) -> str:
    """The first of this name as it was sent, on one line; empty for none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    text = raw if raw.isascii() else _as_text(raw.encode("utf-8", "surrogateescape"), "utf-8")
    return " ".join(text.split())


def _unencoded(text: str) -> str:
    """Words that were encoded to travel (RFC 2047)."""
    try:
        pieces = decode_header(text)
    except HeaderParseError:
        return text
    return "".join(one if isinstance(one, str) else _as_text(one, said or "utf-8") for one, said in pieces)


def _on_a_line(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def _name_of(part: EmailMessage) -> str:
    """What the sender calls it, without folders; else what it says it is."""
    name = part.get_filename()
    if not name:
        return part.get_content_type()[:LONGEST_FILE_NAME]
    return re.split(r"[/\\]", _on_a_line(_unencoded(name)))[-1][:LONGEST_FILE_NAME]


def without_tags(page: str) -> str:
    """The words of an HTML text. Nothing of it is fetched, run, or kept as HTML."""
    reader = _Words()
    reader.feed(page[:_MOST_HTML])
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.found).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    """Gathers what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; what is no text is passed over."""
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.found.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<br/>`; `<script/>` opens nothing here, although browsers think otherwise: it has no words."""
        if tag in _BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A block ends a line."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        """Words, unless within what is passed over."""
        if not self._silent:
            self.found.append(data)
