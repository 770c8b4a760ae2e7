"""Letters of the mailbox on the pages: in the list, at the desk, on the ticket."""

import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from hotline.contacts.models import NoAnswer
from hotline.context import Context
from hotline.database import Database
from hotline.mailbox.service import fetch_due
from hotline.outbox.models import OutgoingMail
from hotline.outbox.rules import MOST_TRIES
from hotline.outbox.sending import send_due
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from hotline.today.queries import Place, waiting_for
from tests.evidence_files import photograph
from tests.factories import City, FixedClock, make_context
from tests.imap_server import Letters, imap_server
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound
from tests.integration.test_core_mailbox import letter, settings_of
from tests.integration.test_core_outbox import sending_by, wrote
from tests.ports import free_port


def with_attachments(**files: bytes) -> bytes:
    """A letter with files, by name."""
    made = EmailMessage()
    made["From"], made["Message-ID"], made["Subject"] = "li@example.com", "<2@example.com>", "photo"
    made.set_content("看照片，电话 13800001234")
    for name, content in files.items():
        made.add_attachment(content, "application", "octet-stream", filename=name.replace("_", "."))
    return made.as_bytes().replace(b"\n", b"\r\n")


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path, port: int) -> Context:
    return make_context(sqlite_database, clock, tmp_path, **settings_of(port, tmp_path))


def test_a_letter_is_registered_at_the_desk(
    app: Flask, browser: Browser, city: City, context: Context, port: int, clock: FixedClock
) -> None:
    letters = Letters()
    letters.put(with_attachments(a_jpg=photograph(), b_exe=b"MZ", c_png=b"no picture"), letter("", ""))
    with imap_server(letters, port):
        assert fetch_due(context) == 2
    clock.advance(minutes=1)
    assert fetch_due(context) == 0  # nobody listens any more
    page = browser.sign_in(city.agent).get("/intake/web")
    _is_sound(page, "zh")
    for shown in (
        "电子邮箱",
        "l***@example.com",
        "看照片",
        "附件没有收取，请到邮箱查看：b.exe、c.png",
        "没有文字",
        "连不上邮件服务器",
    ):
        assert shown in page
    assert "li@example.com" not in page
    with context.reading() as session:
        (ticket_id,) = session.scalars(select(Ticket.id))
    (photo,) = re.findall(r'href="([^"]+)" download>a\.jpg<', page)
    kept = browser.client.get(photo)
    assert (kept.status_code, kept.data[:3], b"Seagull" in kept.data) == (200, b"\xff\xd8\xff", False)
    assert "附件没有收取" in browser.get(f"/desk/?draft={ticket_id}")
    fields = {"type": "help", "category_code": "water.pressure", "description": "看照片", "demands": "修好"}
    browser.post(f"/desk/draft/{ticket_id}/register", **fields, address="张掖路")
    with context.reading() as session:
        number = session.get_one(Ticket, ticket_id).number
    assert "li@example.com" in browser.get(f"/tickets/{number}")
    watching = Browser(app).sign_in(city.supervisor).get(f"/tickets/{number}")
    assert "l***@example.com" in watching
    assert "li@example.com" not in watching
    assert browser.post("/intake/letters/2/seen").status_code == 302
    assert browser.post("/intake/letters/9/seen").status_code == 404
    assert "没有文字" not in browser.get("/intake/web")


def test_a_letter_that_did_not_go_out_is_told_where_letters_come_in(
    browser: Browser, city: City, sqlite_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    sending = make_context(sqlite_database, clock, tmp_path, **sending_by(free_port(), tmp_path))
    ids = [wrote(sending, no_answer=NoAnswer.AUTOMATIC), *(wrote(sending) for _ in range(3))]
    assert send_due(sending) == 3  # nobody listens there
    with sending.writing() as session:
        for mail in session.scalars(select(OutgoingMail)):
            mail.tries = MOST_TRIES - 1
        session.get_one(Ticket, ids[-1]).confidentiality = Confidentiality.SEALED
        number = session.get_one(Ticket, ids[1]).number
    clock.advance(minutes=1)
    send_due(sending)
    with sending.reading() as session:
        found = {one.place: one.count for one in waiting_for(session, city.agent)}
        assert found == {Place.WEB: 5}  # drafts and letters; none of the sealed matter
    page = browser.sign_in(city.agent).get("/intake/web")
    _is_sound(page, "zh")
    assert page.count("收件回执：连不上邮件服务器") == 2
    assert "自动发出或群发的信，不回邮件。" in page
    assert "给市民的邮件没有发出去" in browser.get(f"/tickets/{number}")
    browser.post("/intake/mail/1/seen")
    browser.post("/intake/mail/2/again")
    assert "收件回执：连不上" not in browser.get("/intake/web")
    browser.post("/intake/mail/2/again")
    assert "已有人处理，或已经发出去了" in browser.get("/intake/web")
