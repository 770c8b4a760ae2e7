"""Letters go out over a real SMTP server: once, to whom they may, and what cannot be sent is told."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from hotline.cli.mail_check import outgoing_mail
from hotline.contacts.models import Contact, MailLetter, NoAnswer
from hotline.context import Context
from hotline.database import Database
from hotline.dispatch.service import dispatch, sign
from hotline.intake.models import WebMatter
from hotline.intake.queries import written_on_the_web
from hotline.line_security.models import AlarmKind
from hotline.line_security.service import open_alarms
from hotline.mailbox.service import fetch_due
from hotline.outbox import queries
from hotline.outbox.models import OutgoingMail
from hotline.outbox.rules import MOST_TRIES, Kind, MailState, Reason
from hotline.outbox.sending import send_due
from hotline.outbox.service import NotGivenUp, failed_seen, owe, send_again
from hotline.people.actors import NotPermitted, Role
from hotline.review.service import accept_reply
from hotline.screening import asking, refusing
from hotline.screening.answering import answer_directly
from hotline.screening.queries import untold
from hotline.screening.rules import RefusalCode
from hotline.screening.service import Screened, accept
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.service import register
from hotline.tickets.states import Channel, Confidentiality, TicketType, Urgency
from tests.factories import City, FixedClock, complete_draft, make_context, user
from tests.imap_server import Letters, certificate, imap_server
from tests.integration.test_core_mailbox import settings_of
from tests.smtp_server import PASSWORD, USER, Post, smtp_server
from tests.threads import at_once

SENDER = "12345@city.example"
CITIZEN = "li@example.com"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def port(post: Post) -> Iterator[int]:
    with smtp_server(post) as listening:
        yield listening


def sending_by(port: int, folder: Path) -> dict[str, object]:
    secret = folder / "smtp"
    secret.write_text(f"{PASSWORD}\n")
    return {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "smtp_user": USER,
        "smtp_password_file": str(secret),
        "smtp_sender": SENDER,
        "city": "兰州\n",
        "public_url": "https://city.example",
    }


@pytest.fixture
def mail(sqlite_database: Database, clock: FixedClock, tmp_path: Path, port: int) -> Context:
    return make_context(sqlite_database, clock, tmp_path, **sending_by(port, tmp_path))


@pytest.fixture
def city(mail: Context) -> City:
    return City.founded(mail)


def wrote(context: Context, sender: str = CITIZEN, **facts: object) -> int:
    """A letter came, and is a draft that owes a receipt. Returns the ticket's id."""
    with context.writing() as session:
        key = f"{sender}{len(session.scalars(select(MailLetter)).all())}"
        contact = Contact(channel=Channel.MAIL, source_ref=f"mail:{key}", received_at=context.now())
        said = {"message_id": "<1@example.com>", "subject": "举报张三", "sender": sender, **facts}
        session.add(MailLetter(key=key, contact=contact, came_at=context.now(), **said))
        ticket = Ticket(contact=contact, channel=Channel.MAIL, received_at=context.now())
        ticket.born(context.actor, context.now())
        session.add_all([ticket, WebMatter(contact=contact)])
        rows.give_number(session, context, ticket)
        owe(session, context, ticket, Kind.RECEIPT)
        session.flush()
        return ticket.id


def registered(city: City) -> int:
    ticket_id = wrote(city.context)
    register(city.context.acting_as(city.agent), ticket_id, complete_draft())
    return ticket_id


def ended(context: Context) -> list[tuple[Kind, MailState, Reason | None]]:
    with context.reading() as session:
        found = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        return [(one.kind, one.state, one.reason) for one in found]


def told(context: Context, ticket_id: int) -> list[str]:
    """What the ticket's history says of letters."""
    with context.reading() as session:
        history = session.get_one(Ticket, ticket_id).history
        return [line.event for line in history if line.event.startswith("mail_")]


def test_a_letter_is_answered_by_its_receipt_once(
    sqlite_database: Database, clock: FixedClock, tmp_path: Path, port: int, post: Post
) -> None:
    box, automatic = Letters(), "wu@example.com\nAuto-Submitted: auto-replied"
    for at, sender in enumerate((CITIZEN, automatic, SENDER)):
        head = f"From: {sender}\nSubject: 举报张三\nMessage-ID: <{at}@example.com>"
        said = f"{head}\nContent-Type: text/plain; charset=utf-8\n\n他收了钱"
        box.put(said.replace("\n", "\r\n").encode())
    with imap_server(box) as imap_port:
        given = {**settings_of(imap_port, tmp_path), **sending_by(port, tmp_path)}
        context = make_context(sqlite_database, clock, tmp_path, **given)
        assert fetch_due(context) == 3
    assert "mail" in context.settings.own_processes
    with capture_logs() as logs:
        assert [send_due(context) for _ in range(2)] == [1, 0]
    assert "example.com" not in str(logs)
    (letter,), (raw,) = post.letters, post.raw
    with context.reading() as session:
        ticket = written_on_the_web(session)[0]
        assert session.scalars(select(MailLetter.no_answer).order_by(MailLetter.id)).all() == [
            None,
            NoAnswer.AUTOMATIC,
            NoAnswer.OWN,
        ]
        number, code = ticket.number or "", ticket.query_code or ""
    assert post.addressed == [CITIZEN]
    assert (letter["From"].addresses[0].addr_spec, letter["To"]) == (SENDER, CITIZEN)
    assert letter["In-Reply-To"] == letter["References"] == "<0@example.com>"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter.get_content_type() == "text/plain"
    assert number in letter["Subject"]
    text = letter.get_content()
    assert number in text
    assert code in text
    assert "https://city.example/progress/" in text
    for kept_back in ("张三", "收了钱"):
        assert kept_back not in text + letter["Subject"]
    assert raw.isascii()
    assert told(context, ticket.id) == ["mail_sent"]


def test_what_the_hotline_decides_is_told_in_its_words(city: City, post: Post, clock: FixedClock) -> None:
    screening = city.context.acting_as(city.screener)
    ticket_id = registered(city)
    send_due(city.context)
    asking.ask(screening, ticket_id, "是哪一个路口？")
    asking.ask_again(screening, ticket_id, "在幸福路哪一头？")
    assert send_due(city.context) == 2  # the last tells both
    asking.write_answer(city.context.acting_as(city.agent), ticket_id, "东头")
    proposal = refusing.Proposal(RefusalCode.LEGAL_ROUTE, "信访工作条例", "向人民法院起诉")
    refusing.propose(screening, ticket_id, proposal)
    second = user(city.context, city.hotline_id, Role.SCREENER)
    refusing.agree(city.context.acting_as(second), ticket_id)
    with city.context.reading() as session:
        assert len(untold(session)) == 1
    assert send_due(city.context) == 1
    with city.context.reading() as session:
        assert untold(session) == []  # nobody has to call
    direct = wrote(city.context, "wu@example.com", tongue="en")
    answering = city.context.acting_as(city.agent)
    asked = replace(complete_draft(), type=TicketType.CONSULTATION)
    answer_directly(answering, direct, "Every day from 8 to 18.", "notice 3", draft=asked)
    assert send_due(city.context) == 2
    texts = [letter.get_content() for letter in post.letters]
    assert "在幸福路哪一头？" in texts[1]
    assert "2020-05-11" in texts[1]
    assert "向人民法院起诉" in texts[2]
    assert "Every day from 8 to 18." in texts[4]
    assert "we call you" not in texts[4]
    assert [letter["Auto-Submitted"] for letter in post.letters[1:]][:2] == ["auto-generated"] * 2
    assert [one[1:] for one in ended(city.context)][1] == (MailState.DROPPED, Reason.OVERTAKEN)


def test_an_accepted_reply_goes_out_with_where_to_rate_it(city: City, post: Post) -> None:
    ticket_id = registered(city)
    accept(city.context.acting_as(city.screener), ticket_id, Screened(urgency=Urgency.NORMAL))
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    sign(city.context.acting_as(city.handler), ticket_id)
    city.reply(ticket_id)
    accept_reply(city.context.acting_as(city.reviewer), ticket_id)
    assert send_due(city.context) == 2
    assert "请您评价办理结果" in post.letters[1].get_content()
    assert told(city.context, ticket_id) == ["mail_sent", "mail_sent"]


def test_of_a_confidential_matter_the_receipt_is_all_that_goes_out(city: City, post: Post) -> None:
    hidden, sealed = registered(city), registered(city)
    screening = city.context.acting_as(city.screener)
    asking.ask(screening, sealed, "是谁？")  # owed while it was not sealed yet
    with city.context.writing() as session:
        session.get_one(Ticket, hidden).confidentiality = Confidentiality.HIDDEN
        session.get_one(Ticket, sealed).confidentiality = Confidentiality.SEALED
    asking.ask(screening, hidden, "在哪里？")
    assert send_due(city.context) == 3
    assert [letter["Auto-Submitted"] for letter in post.letters] == ["auto-replied"] * 2
    assert ended(city.context)[2] == (Kind.QUESTION, MailState.DROPPED, Reason.CONFIDENTIAL)


def test_a_server_that_is_away_is_told_and_tried_again(
    city: City, post: Post, clock: FixedClock, tmp_path: Path
) -> None:
    context, ticket_id = city.context, wrote(city.context)
    (tmp_path / "smtp").write_text("another")
    assert "user name or the password" in outgoing_mail(context.settings).what
    tried = 0
    with capture_logs() as logs:
        while ended(context)[0][1] is MailState.WAITING:
            tried += send_due(context)
            assert send_due(context) == 0
            clock.advance(hours=4)
    assert tried == MOST_TRIES
    assert CITIZEN not in str(logs)
    assert told(context, ticket_id) == ["mail_failed"]
    with context.reading() as session:
        counted = {alarm.kind: alarm.count for alarm in open_alarms(session)}
        (failed,) = queries.failed(session)
    assert counted == {AlarmKind.MAIL_SERVER: MOST_TRIES, AlarmKind.MAIL_UNSENT: 1}
    (tmp_path / "smtp").write_text(PASSWORD)
    assert outgoing_mail(context.settings).ok
    with pytest.raises(NotPermitted):
        send_again(context.acting_as(city.dispatcher), failed.id)
    send_again(context.acting_as(city.agent), failed.id)
    assert send_due(context) == 1
    assert ended(context) == [(Kind.RECEIPT, MailState.SENT, None)]
    with pytest.raises(NotGivenUp):
        failed_seen(context.acting_as(city.agent), failed.id)


def test_a_refused_letter_stops_no_other(city: City, post: Post, clock: FixedClock) -> None:
    context = city.context
    post.refuses.update({"no@example.com": "550 no such user", "later@example.com": "451 come back"})
    for sender in ("no@example.com", "later@example.com", CITIZEN):
        wrote(context, sender)
    assert send_due(context) == 3
    assert [one[1:] for one in ended(context)] == [
        (MailState.FAILED, Reason.REFUSED_ADDRESS),
        (MailState.WAITING, Reason.NOT_NOW),
        (MailState.SENT, None),
    ]
    with context.reading() as session:
        (failed,) = queries.failed(session)
    failed_seen(context.acting_as(city.agent), failed.id)
    post.refuses = {"DATA": "554 no such words"}
    clock.advance(minutes=1)
    assert send_due(context) == 1
    assert ended(context)[1][1:] == (MailState.FAILED, Reason.REFUSED_LETTER)
    with context.reading() as session:
        assert [one.reason for one in queries.failed(session)] == [Reason.REFUSED_LETTER]


def test_what_was_erased_is_sent_nowhere(city: City, post: Post) -> None:
    ticket_id = wrote(city.context)
    with city.context.writing() as session:
        letter = session.get_one(Ticket, ticket_id).contact.letter
        assert letter is not None
        letter.sender = ""
    assert send_due(city.context) == 1
    assert ended(city.context) == [(Kind.RECEIPT, MailState.DROPPED, Reason.ERASED)]
    assert post.raw == []


def test_over_tls_only_to_a_server_that_is_trusted(
    mail: Context, post: Post, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, trusted = certificate(tmp_path)
    with smtp_server(post, tls=tls) as port:
        given = {**sending_by(port, tmp_path), "smtp_security": "starttls"}
        secured = make_context(mail.database, clock, tmp_path, **given)
        assert "does not trust" in outgoing_mail(secured.settings).what
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert outgoing_mail(secured.settings).ok


def test_without_a_server_nothing_is_owed(
    sqlite_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    context = make_context(sqlite_database, clock, tmp_path)
    wrote(context)
    assert send_due(context) == 0
    assert ended(context) == []


def test_several_workers_send_each_letter_once(
    database: Database, clock: FixedClock, tmp_path: Path, post: Post, port: int
) -> None:
    context = make_context(database, clock, tmp_path, **sending_by(port, tmp_path))
    for number in range(30):
        wrote(context, f"citizen{number}@example.com")
    at_once([partial(send_due, context)] * 3)
    send_due(context)
    assert len(post.addressed) == len(set(post.addressed)) == 30
