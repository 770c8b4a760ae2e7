"""Which letters are answered, where one may go, when it is tried again, and what it says."""

from email import message_from_bytes
from email.policy import default

import pytest

from hotline.mailbox.automatic import is_automatic
from hotline.mailbox.letters import read
from hotline.outbox.rules import (
    LONGEST_PAUSE,
    MOST_TRIES,
    Kind,
    Reason,
    is_mailable,
    message_id_of,
    pause_after,
)
from hotline.outbox.wording import Facts, written


@pytest.mark.parametrize(
    ("head", "automatic"),
    [
        ("Auto-Submitted: no", False),
        ("Precedence: first-class", False),
        ("Return-Path: <li@example.com>", False),
        ("X-Auto-Response-Suppress: OOF", False),
        ("Auto-Submitted: auto-replied; owner=x", True),
        ("AUTO-SUBMITTED: Auto-Generated (cron)", True),
        ("Precedence: Bulk", True),
        ("Precedence: list", True),
        ("Return-Path: < >", True),
        ("List-Unsubscribe: <mailto:x@example.com>", True),
        ("List-Id: news", True),
        ("X-Autoreply: yes", True),
        ("X-Auto-Response-Suppress: DR, AutoReply", True),
        ('Content-Type: multipart/report; boundary="x"', True),
    ],
)
def test_what_no_person_wrote_is_not_answered(head: str, automatic: bool) -> None:
    letter = f"From: li@example.com\r\n{head}\r\n\r\n路灯不亮".encode()
    assert read(letter).is_automatic is automatic


@pytest.mark.parametrize(
    ("local", "automatic"),
    [
        ("li", False),
        ("norah", False),
        ("requests", False),
        ("MAILER-DAEMON", True),
        ("no-reply", True),
        ("noreply+17", True),
        ("do_not_reply", True),
        ("owner-news", True),
        ("news-request", True),
        ("bounce-12=x", True),
    ],
)
def test_programs_have_names(local: str, automatic: bool) -> None:
    message = message_from_bytes(b"", policy=default)
    assert is_automatic(message, f"{local}@example.com") is automatic  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "mailable"),
    [
        ("li.ming+12345@mail.example.com", True),
        ("li@localhost", False),
        ("李@example.com", False),
        ("li@example.com,wu@example.com", False),
        ("li@example.com\nBcc: wu@example.com", False),
        ("li@example.com\n", False),
        ("<li@example.com>", False),
        ("li..wu@example.com", False),
        ("li@-example.com", False),
        ('"li wu"@example.com', False),
        ("", False),
        ("l" * 65 + "@example.com", False),
    ],
)
def test_a_letter_goes_to_one_plain_address(address: str, mailable: bool) -> None:
    assert is_mailable(address) is mailable


def test_only_a_message_id_is_named_in_an_answer() -> None:
    assert message_id_of("<1.a@example.com>") == "<1.a@example.com>"
    for wrong in ("", "1@example.com", "<1@a> <2@b>", "<1@a>\r\nBcc: x", "<" + "1" * 250 + "@a>"):
        assert message_id_of(wrong) == ""


def test_pauses_grow_until_it_is_given_up() -> None:
    pauses = [pause_after(tries) for tries in range(1, MOST_TRIES + 1)]
    assert [pause.total_seconds() / 60 for pause in pauses[:3] if pause] == [1, 2, 4]
    assert (pauses[-2], pauses[-1]) == (LONGEST_PAUSE, None)


@pytest.mark.parametrize("tongue", ["zh", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_letter_has_its_words(kind: Kind, tongue: str) -> None:
    facts = Facts(
        "20200430YX0000019", "12345", "兰州", "https://city.example/progress/", "ABCD2345", "{原文}"
    )
    subject, text = written(kind, tongue, facts, rates=kind is Kind.ANSWER)
    assert facts.number in subject
    assert (facts.code in text, facts.text in text) == (kind is Kind.RECEIPT, kind is not Kind.RECEIPT)
    assert facts.page in text
    assert max(len(line) for line in text.splitlines()) < 200
    without = written(kind, tongue, Facts("1", "12345", "兰州", ""))[1]
    assert "https" not in without


@pytest.mark.parametrize(
    ("words", "tongue"), [("The lamp is out", "en"), ("路灯 lamp", "zh"), ("12345!", "zh")]
)
def test_a_letter_is_answered_in_its_language(words: str, tongue: str) -> None:
    letter = f"From: li@example.com\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}".encode()
    assert read(letter).tongue == tongue


def test_reasons_fit_their_column() -> None:
    assert max(map(len, Reason)) <= 20
