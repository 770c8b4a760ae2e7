"""Letters as they come: well-formed, careless, hostile."""

from datetime import timedelta

import pytest

from hotline.mailbox.letters import LONGEST_TEXT, Unreadable, read, without_tags
from hotline.mailbox.rules import LONGEST_PAUSE, pause_after
from hotline.people.privacy import masked_address


def letter(
    body: str | bytes = "路灯不亮", kind: str = "text/plain; charset=utf-8", head: str | bytes = ""
) -> bytes:
    """A letter of one part."""
    said = body.encode() if isinstance(body, str) else body
    more = head.encode("latin-1") if isinstance(head, str) else head
    return b"From: li@example.com\r\n" + more + f"Content-Type: {kind}\r\n\r\n".encode() + said


def multipart(*parts: bytes, kind: str = "mixed") -> bytes:
    joined = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"
    return f'From: li@example.com\r\nContent-Type: multipart/{kind}; boundary="x"\r\n\r\n'.encode() + joined


PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\n正文".encode()
PAGE = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>网页</p>".encode()
PHOTO = b'Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename="../up/a.jpg"\r\n\r\nxx'
_ENCODED = b'filename="=?gb2312?B?wre1xi50eHQ=?="'
NOTE = b"Content-Type: text/plain\r\nContent-Disposition: attachment; " + _ENCODED + b"\r\n\r\nxx"
INNER = b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nwords of another"


def test_sender_subject_and_text() -> None:
    head = "Subject: =?gbk?B?wre1xrK7wcE=?= =?utf-8?B?5b6I5LmF?=\r\nMessage-ID: <1@example.com>\r\n"
    found = read(letter(head="Subject: x\r\n").replace(b"Subject: x\r\n", head.encode()))
    assert (found.message_id, found.sender) == ("<1@example.com>", "li@example.com")
    assert found.subject == "路灯不亮很久"
    assert (found.text, found.words) == ("路灯不亮", "路灯不亮很久\n路灯不亮")


def test_a_name_that_looks_like_an_address_is_a_name() -> None:
    named = b"From: =?utf-8?Q?mayor=40city=2Eexample=2C?= <li@example.com>"
    raw = letter().replace(b"From: li@example.com", named)
    assert (read(raw).sender, read(raw).sender_name) == ("li@example.com", "mayor@city.example,")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (letter("路灯不亮".encode("gbk"), "text/plain; charset=gb2312"), "路灯不亮"),
        (letter("路灯不亮".encode("gbk"), "text/plain"), "路灯不亮"),
        (letter("路灯不亮".encode("gbk"), "text/plain; charset=utf-8"), "路灯不亮"),
        (letter("路灯不亮", "text/plain; charset=klingon"), "路灯不亮"),
        (letter(b"\xff\xff\xff", "text/plain"), "\ufffd" * 3),
        (letter("一\x00二"), "一\ufffd二"),
        (letter("<b>路灯</b>不亮", "text/html; charset=utf-8"), "路灯不亮"),
        (multipart(PLAIN, PAGE, kind="alternative"), "正文"),
        (multipart(PAGE), "网页"),
        (b"no headings at all", "no headings at all"),
        (b"", ""),
    ],
)
def test_text(raw: bytes, text: str) -> None:
    assert read(raw).text == text


def test_headings_without_any_charset_are_read() -> None:
    assert read(letter(head=b"Subject: " + "路灯不亮".encode("gbk") + b"\r\n")).subject == "路灯不亮"


def test_attachments_have_names_and_their_words_are_not_the_letters() -> None:
    found = read(multipart(PLAIN, PHOTO, NOTE, INNER))
    assert found.text == "正文"
    assert found.parts == (("a.jpg", b"xx"), ("路灯.txt", b"xx"), ("message/rfc822", b""))


def test_a_long_letter_is_cut_and_says_so() -> None:
    found = read(letter("长" * (LONGEST_TEXT + 1)))
    assert (len(found.text), found.is_cut) == (LONGEST_TEXT, True)
    assert not read(letter("长" * LONGEST_TEXT)).is_cut


def endless() -> bytes:
    """Parts within parts, more than any reader follows."""
    part = 'Content-Type: multipart/mixed; boundary="b{0}"\r\n\r\n--b{0}\r\n'
    return "".join(part.format(depth) for depth in range(1500)).encode()


def test_a_letter_of_endless_boxes_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        read(endless())


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html><head><title>t</title><style>p{}</style></head><body><p>一</p><p>二</p>", "一\n\n二"),
        ("一<script>alert('x')</script>二<img src='http://x/y'>", "一二"),
        ("a &lt;script&gt; b&nbsp;c<br>d", "a <script> b c\nd"),
        ("<div>没有<b>关上", "没有关上"),
        ("</style></script>一<!-- 二 --><![CDATA[三]]>", "一"),
    ],
)
def test_words_of_a_page(page: str, words: str) -> None:
    assert without_tags(page) == words


def test_pauses_grow_with_failures_and_end() -> None:
    every = timedelta(minutes=1)
    assert [pause_after(failures, every) for failures in (0, 1, 2)] == [every, 2 * every, 4 * every]
    assert pause_after(99, every) == LONGEST_PAUSE
    assert pause_after(99, timedelta(hours=1)) == timedelta(hours=1)


def test_an_address_is_masked() -> None:
    assert [masked_address(one) for one in ("wang@example.com", "", "odd")] == [
        "w***@example.com",
        "",
        "***odd",
    ]
